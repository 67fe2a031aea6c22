package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** When a batch pipeline runs. */
public record Schedule(
    @Option(
            doc = "Minute, hour, day of month, month, day of week",
            example = "\"5 * * * *\"",
            syntax = Syntax.CRON)
        String cron,
    @Option(doc = "In which the times are read", defaultValue = "UTC") ZoneId timezone,
    @Option(
            doc = "Which missed runs are made up for: none, only the last, or each that is missing",
            defaultValue = "missing")
        Catchup catchup,
    @Option(
            doc = "Pipelines that must have finished before",
            example = "[{pipeline: weather, within: 1h}]")
        List<After> after) {
  public Schedule {
    after = List.copyOf(after);
  }

  /** Which of the missed runs are made up for. */
  public enum Catchup {
    NONE,
    LAST,
    MISSING
  }

  /** A pipeline of the same tenant whose run comes first. */
  public record After(
      @Option(doc = "The other pipeline's name", example = "weather", syntax = Syntax.NAME)
          String pipeline,
      @Option(
              doc = "How long before the scheduled time it may have finished",
              example = "1h",
              positive = true)
          Duration within) {}
}
