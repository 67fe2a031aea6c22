/** Batches over Pulsar: topics, positions, journals and grants. */
@NullMarked
package io.sagitta.transport;

import org.jspecify.annotations.NullMarked;
