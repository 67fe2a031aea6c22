package io.sagitta.definition;

import java.time.Duration;
import java.time.ZoneId;

/** Which rows of an input a query sees at once, by event time. */
public sealed interface Window {

  /** Windows of one length, one after the other, aligned to midnight in {@code timezone}. */
  record Tumbling(Duration size, ZoneId timezone) implements Window {}

  /** Windows of length {@code size} that start every {@code every}. */
  record Sliding(Duration size, Duration every, ZoneId timezone) implements Window {}

  /** Rows of one key without a gap as long as {@code gap} between them. */
  record Session(Duration gap) implements Window {}
}
