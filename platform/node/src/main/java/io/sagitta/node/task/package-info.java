/**
 * Tasks: steps, journals, outputs and sinks. The only package that knows when an input may be
 * acknowledged.
 */
@NullMarked
package io.sagitta.node.task;

import org.jspecify.annotations.NullMarked;
