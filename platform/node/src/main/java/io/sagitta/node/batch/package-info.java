/** Batch runs in this process: a bounded input, on all cores, committed whole. */
@NullMarked
package io.sagitta.node.batch;

import org.jspecify.annotations.NullMarked;
