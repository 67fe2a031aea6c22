package io.sagitta.control.apply;

import java.util.List;

/**
 * What apply would do.
 *
 * @param runningRevision what runs now; 0 if nothing does
 * @param unchanged whether apply would do nothing
 * @param topics that would be created
 * @param refusals why apply would refuse; none if it would not
 */
public record PlanReport(
    String tenant,
    String pipeline,
    long runningRevision,
    boolean unchanged,
    List<Change> changes,
    List<NewTopic> topics,
    List<SinkPromise> sinks,
    List<ProblemLine> refusals,
    List<ProblemLine> warnings) {
  public PlanReport {
    changes = List.copyOf(changes);
    topics = List.copyOf(topics);
    sinks = List.copyOf(sinks);
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }

  /** A topic to create. */
  public record NewTopic(String name, int partitions) {}

  /**
   * What a sink promises after a crash.
   *
   * @param guarantee {@code EFFECTIVELY_ONCE} or {@code AT_LEAST_ONCE}
   */
  public record SinkPromise(String name, String guarantee) {}
}
