package io.sagitta.definition;

import java.time.Duration;

/**
 * What happens when something fails.
 *
 * @param maxAttempts how often a failing sink is tried before its task restarts
 * @param maxQuarantineRatio quarantined rows per incoming row above which the pipeline stops
 */
public record ErrorPolicy(
    int maxAttempts,
    Duration initialBackoff,
    double backoffFactor,
    Duration maxBackoff,
    Duration retainQuarantine,
    double maxQuarantineRatio) {
  /** The policy of a definition that says nothing. */
  public static final ErrorPolicy DEFAULT =
      new ErrorPolicy(
          5, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), Duration.ofDays(14), 0.01);
}
