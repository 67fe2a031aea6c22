package io.sagitta.node;

import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;

/**
 * The connections to Pulsar that a node's tasks work over, one for each pipeline, so that a task
 * can reach what its pipeline may and nothing else. Called by one thread at a time.
 */
interface PipelineConnections extends AutoCloseable {

  /** Returns the connection of {@code pipeline}, which stays until it is released. */
  PulsarConnection of(PipelineId pipeline);

  /** Lets the connection of {@code pipeline} go; nobody uses it any more. */
  void release(PipelineId pipeline);

  @Override
  void close();

  /** Returns {@code connection} for all of them: where Pulsar asks nobody who they are. */
  static PipelineConnections all(PulsarConnection connection) {
    return new PipelineConnections() {
      @Override
      public PulsarConnection of(PipelineId pipeline) {
        return connection;
      }

      @Override
      public void release(PipelineId pipeline) {
        // It is the node's own.
      }

      @Override
      public void close() {
        // It is the node's own.
      }
    };
  }
}
