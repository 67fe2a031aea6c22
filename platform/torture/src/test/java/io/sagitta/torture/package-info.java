/** The check is itself checked. */
@NullMarked
package io.sagitta.torture;

import org.jspecify.annotations.NullMarked;
