package io.sagitta.definition;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * When a batch pipeline runs.
 *
 * @param cron five fields: minute, hour, day of month, month, day of week
 * @param timezone in which {@code cron} is read
 * @param catchup what happens to runs that were missed
 * @param after pipelines that must have finished before
 */
public record Schedule(String cron, ZoneId timezone, Catchup catchup, List<After> after) {
  public Schedule {
    after = List.copyOf(after);
  }

  /** Which of the missed runs are made up for. */
  public enum Catchup {
    NONE,
    LAST,
    MISSING
  }

  /**
   * A pipeline of the same tenant whose run comes first.
   *
   * @param within how long before the scheduled time it may have finished
   */
  public record After(String pipeline, Duration within) {}
}
