package io.sagitta.definition;

import io.sagitta.definition.options.Kind;
import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.List;
import java.util.Optional;

/** Rows that clients POST to the gateway as JSON lines, CSV or Arrow. */
@Kind(
    value = "http",
    doc = "Rows that clients POST to the gateway as JSON lines, CSV or Arrow. Streaming only.",
    example =
        """
        flights:
          type: http
          schema:
            date: {type: timestamp}
            delay: {type: int32, unit: min}
            origin: {type: string, required: true}
          event_time: {field: date, max_lateness: 1m, idle_after: 30s}
        """)
public record HttpSource(
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
  public HttpSource {
    key = List.copyOf(key);
  }
}
