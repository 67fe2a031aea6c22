/** A whole platform of local processes, and the demo on it. */
@NullMarked
package io.sagitta.cli.demo;

import org.jspecify.annotations.NullMarked;
