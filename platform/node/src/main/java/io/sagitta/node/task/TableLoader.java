package io.sagitta.node.task;

import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;

/** Gives a table's snapshot. */
@FunctionalInterface
public interface TableLoader {
  /**
   * Returns the snapshot as the bytes of an Arrow IPC stream.
   *
   * @param pulsar as the pipeline itself
   * @param hash of its content
   */
  byte[] load(PulsarConnection pulsar, PipelineId pipeline, String table, String hash);
}
