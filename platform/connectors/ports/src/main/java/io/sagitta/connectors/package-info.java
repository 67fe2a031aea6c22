/** The ports that every connector implements. */
@NullMarked
package io.sagitta.connectors;

import org.jspecify.annotations.NullMarked;
