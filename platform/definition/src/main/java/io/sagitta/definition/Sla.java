package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;
import java.util.Optional;

/** What a pipeline promises its readers. */
public record Sla(
    @Option(doc = "Over how long each objective is judged", defaultValue = "30d", positive = true)
        Duration window,
    @Option(
            doc = "From a row's arrival until its result can be read",
            example = "{threshold: 5s, objective: 0.99}")
        Optional<Target> latency,
    @Option(
            doc = "How old the newest result may be",
            example = "{threshold: 60s, objective: 0.995}")
        Optional<Target> freshness,
    @Option(
            name = "completeness.objective",
            doc = "Share of the rows that came in and are delivered or filtered",
            example = "0.9999",
            syntax = Syntax.RATIO,
            positive = true,
            max = 1)
        Optional<Double> completeness,
    @Option(
            name = "correctness.objective",
            doc = "Share of the rows that pass every expectation",
            example = "0.999",
            syntax = Syntax.RATIO,
            positive = true,
            max = 1)
        Optional<Double> correctness,
    @Option(
            name = "throughput.min_rows_per_second",
            doc = "Rows that the pipeline must be able to take",
            example = "5000",
            positive = true)
        Optional<Long> minRowsPerSecond,
    @Option(
            doc = "How long after its scheduled time a run must have finished; batch only",
            example = "45m",
            positive = true)
        Optional<Duration> deadline) {

  /** A share of cases that stay within a threshold. */
  public record Target(
      @Option(doc = "The longest that is good", example = "5s", positive = true) Duration threshold,
      @Option(
              doc = "The share of cases that must be good",
              example = "0.99",
              syntax = Syntax.RATIO,
              positive = true,
              max = 1)
          double objective) {}
}
