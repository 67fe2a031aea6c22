/** Tests of the sagitta command, run as users run it. */
@NullMarked
package io.sagitta.cli;

import org.jspecify.annotations.NullMarked;
