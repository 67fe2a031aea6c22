/** Samples of rows that pass a stage or reach a stream. */
@NullMarked
package io.sagitta.control.tap;

import org.jspecify.annotations.NullMarked;
