package io.sagitta.node.task;

import io.sagitta.transport.PipelineId;

/** Gives a table's snapshot. */
@FunctionalInterface
public interface TableLoader {
  /**
   * Returns the snapshot as the bytes of an Arrow IPC stream.
   *
   * @param hash of its content
   */
  byte[] load(PipelineId pipeline, String table, String hash);
}
