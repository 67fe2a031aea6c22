package io.sagitta.node.task;

import io.sagitta.transport.PipelineId;

/**
 * One partition of one chain of a pipeline.
 *
 * @param chain named after its head
 * @param partition of the chain's input topic, from 0
 */
public record TaskId(PipelineId pipeline, String chain, int partition) {

  /** Returns the task's name inside its pipeline, as {@code chain/partition}. */
  public String local() {
    return local(chain, partition);
  }

  static String local(String chain, int partition) {
    return chain + "/" + partition;
  }

  @Override
  public String toString() {
    return pipeline + "/" + local();
  }
}
