package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Kinds;
import io.sagitta.definition.options.Option;
import java.time.Duration;
import java.time.ZoneId;

/** Which rows of an input a query sees at once, by event time. */
@Kinds(noun = "window", by = Kinds.By.KEY)
public sealed interface Window {

  /** Windows of one length, one after the other, aligned to midnight in {@code timezone}. */
  @Kind(
      value = "tumbling",
      doc = "Windows of one length, one after the other, aligned to midnight.",
      example = "window: {tumbling: 1h, timezone: UTC}\n")
  record Tumbling(
      @Option(name = "tumbling", doc = "The length", example = "1h", positive = true) Duration size,
      @Option(doc = "Where midnight is", defaultValue = "UTC") ZoneId timezone)
      implements Window {}

  /** Windows of length {@code size} that start every {@code every}. */
  @Kind(
      value = "sliding",
      doc = "Windows of one length that start more often than they end, aligned to midnight.",
      example = "window: {sliding: 1h, every: 5m}\n")
  record Sliding(
      @Option(name = "sliding", doc = "The length", example = "1h", positive = true) Duration size,
      @Option(
              doc = "How often one starts; no more than the length",
              example = "5m",
              positive = true)
          Duration every,
      @Option(doc = "Where midnight is", defaultValue = "UTC") ZoneId timezone)
      implements Window {}

  /** Rows of one key without a gap as long as {@code gap} between them. */
  @Kind(
      value = "session",
      doc = "Rows of one key that follow each other without a long gap.",
      example = "window: {session: 10m}\n")
  record Session(
      @Option(
              name = "session",
              doc = "A gap as long as this ends the session",
              example = "10m",
              positive = true)
          Duration gap)
      implements Window {}

  /** Everything there is, up to {@code until}. */
  @Kind(
      value = "until",
      doc =
          "The whole input, in a batch pipeline only: one window from the least event time to just"
              + " after the greatest. A row without an event time belongs to it too; if no row has"
              + " one, start, end and event time are NULL.",
      example = "window: {until: end_of_input}\n")
  record WholeInput(@Option(doc = "What closes the window", example = "end_of_input") End until)
      implements Window {
    /** What ends an input as a whole. */
    public enum End {
      /** No source has another row. */
      END_OF_INPUT
    }
  }
}
