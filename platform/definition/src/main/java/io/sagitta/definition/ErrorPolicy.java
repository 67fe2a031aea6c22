package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;

/** What happens when something fails. */
public record ErrorPolicy(
    @Option(
            name = "retry.max_attempts",
            doc = "How often a failing sink is tried before its task restarts",
            defaultValue = "5",
            min = 1,
            max = 1000)
        int maxAttempts,
    @Option(
            name = "retry.backoff.initial",
            doc = "The wait before the first retry",
            defaultValue = "1s",
            positive = true)
        Duration initialBackoff,
    @Option(
            name = "retry.backoff.factor",
            doc = "How much longer each further wait is",
            defaultValue = "2",
            min = 1,
            max = 100)
        double backoffFactor,
    @Option(
            name = "retry.backoff.max",
            doc = "The longest wait",
            defaultValue = "1m",
            positive = true)
        Duration maxBackoff,
    @Option(
            name = "quarantine.retain",
            doc = "How long quarantined rows are kept",
            defaultValue = "14d",
            positive = true)
        Duration retainQuarantine,
    @Option(
            name = "quarantine.max_rate",
            doc =
                "Quarantined rows per row that came to a stage, over five minutes and at least 1000"
                    + " rows, above which the pipeline pauses; late rows do not count",
            defaultValue = "1%",
            syntax = Syntax.RATIO,
            min = 0,
            max = 1)
        double maxQuarantineRatio) {
  /** The policy of a definition that says nothing. */
  public static final ErrorPolicy DEFAULT =
      new ErrorPolicy(
          5, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), Duration.ofDays(14), 0.01);
}
