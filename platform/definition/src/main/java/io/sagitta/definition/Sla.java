package io.sagitta.definition;

import java.time.Duration;
import java.util.Optional;

/**
 * What a pipeline promises its readers.
 *
 * @param window over how long each objective is judged
 * @param latency from a row's arrival until its result can be read
 * @param freshness how old the newest result may be
 * @param completeness share of the rows that came in and are delivered or filtered
 * @param correctness share of the rows that pass every expectation
 * @param minRowsPerSecond rows that the pipeline must be able to take
 * @param deadline how long after its scheduled time a batch run must have finished
 */
public record Sla(
    Duration window,
    Optional<Target> latency,
    Optional<Target> freshness,
    Optional<Double> completeness,
    Optional<Double> correctness,
    Optional<Long> minRowsPerSecond,
    Optional<Duration> deadline) {

  /**
   * A share of cases that stay within a threshold.
   *
   * @param objective the share, over 0 and at most 1
   */
  public record Target(Duration threshold, double objective) {}
}
