package io.sagitta.node.task;

import io.sagitta.definition.Sink;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Topics;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Everything that says what a task does: a partition of a chain of a planned revision.
 *
 * @param revision of the definition
 * @param sinks with secrets resolved, by name
 * @param tableHashes content hash by table, as the revision began
 */
public record TaskSpec(
    TaskId id,
    long revision,
    Plan plan,
    Chain chain,
    Map<String, Sink> sinks,
    Map<String, String> tableHashes) {
  public TaskSpec {
    sinks = Map.copyOf(sinks);
    tableHashes = Map.copyOf(tableHashes);
  }

  /** Returns how many partitions sources, exchanges and streams of the pipeline have. */
  public int parallelism() {
    return plan.definition().spec().parallelism();
  }

  /** Returns the partition that the task reads. */
  public String inputTopic() {
    String topic =
        chain.head() instanceof Chain.Head.OfSource
            ? Topics.source(id.pipeline(), chain.name())
            : Topics.exchange(id.pipeline(), chain.name());
    return Topics.partition(topic, id.partition());
  }

  /** Returns the partition that holds the task's journal. */
  public String journalTopic() {
    return Topics.partition(Topics.journal(id.pipeline(), chain.name()), id.partition());
  }

  /** Returns every task that publishes into this one; a source's task has only itself. */
  public Set<String> upstreamTasks() {
    if (chain.head() instanceof Chain.Head.OfSource) {
      return Set.of(id.local());
    }
    Set<String> tasks = new LinkedHashSet<>();
    for (String upstream : chain.upstreams()) {
      for (int partition = 0; partition < parallelism(); partition++) {
        tasks.add(TaskId.local(upstream, partition));
      }
    }
    return tasks;
  }
}
