/** Plans definitions and runs plans over Arrow batches. */
@NullMarked
package io.sagitta.engine;

import org.jspecify.annotations.NullMarked;
