package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Rows of another pipeline's stream, or of a foreign topic; exactly one of the two is given. */
@Kind(
    value = "pulsar",
    doc =
        "Rows of another pipeline's stream, or of a foreign topic with Arrow or JSON messages:"
            + " exactly one of `stream` and `topic`. Streaming only. It starts with the oldest message"
            + " that is kept; columns are matched by name; what cannot be read goes to quarantine."
            + " A stream's version starts at 1 and grows when its columns change; with `@version` the"
            + " pipeline runs only while readers of that version can read the stream. Of a windowed"
            + " stream, `window_start`, `window_end` and `event_time` may be declared like its other"
            + " columns."
            + " A subscription `sagitta.<tenant>.<pipeline>.<source>` keeps messages until they are"
            + " read.",
    example =
        """
        weather:
          type: pulsar
          stream: aviation/weather/hourly@2
          schema:
            window_start: {type: timestamp}
            event_time: {type: timestamp}
            airport: {type: string, required: true}
          event_time: {field: event_time}
        """)
public record PulsarSource(
    @Option(
            doc = "Another pipeline's stream, and which version of its columns",
            example = "aviation/weather/hourly@2",
            syntax = Syntax.STREAM)
        Optional<String> stream,
    @Option(
            doc = "A foreign topic",
            example = "persistent://public/default/orders",
            syntax = Syntax.TOPIC)
        Optional<String> topic,
    @Option(
            doc = "How a foreign topic's messages are written; streams are Arrow",
            defaultValue = "arrow",
            choices = {"arrow", "json"})
        Format format,
    @Option(
            doc = "The columns, in order, each with its type",
            example = "{id: {type: int64, required: true}}")
        Schema schema,
    @Option(
            doc = "Which column says when a row happened; without it a row's time is its arrival",
            example = "{field: date, max_lateness: 1m}")
        Optional<EventTime> eventTime,
    @Option(
            doc = "Columns by which rows keep their order; left out if order does not matter",
            example = "[id]",
            syntax = Syntax.COLUMN)
        List<String> key)
    implements Source {
  private static final String VERSION = "@";

  public PulsarSource {
    key = List.copyOf(key);
  }

  /** Returns {@link #stream()} as {@code tenant/pipeline/stream}, without a version. */
  public Optional<String> streamName() {
    return stream.map(s -> s.contains(VERSION) ? s.substring(0, s.indexOf(VERSION)) : s);
  }

  /** Returns the version of the stream's columns that the source asks for; empty for any. */
  public OptionalInt streamVersion() {
    return stream.filter(s -> s.contains(VERSION)).stream()
        .mapToInt(s -> Integer.parseInt(s.substring(s.indexOf(VERSION) + 1)))
        .findFirst();
  }
}
