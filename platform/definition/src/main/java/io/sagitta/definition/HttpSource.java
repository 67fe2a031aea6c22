package io.sagitta.definition;

import java.util.List;
import java.util.Optional;

/** Rows that clients POST to the gateway as JSON lines, CSV or Arrow. */
public record HttpSource(Schema schema, Optional<EventTime> eventTime, List<String> key)
    implements Source {
  public HttpSource {
    key = List.copyOf(key);
  }
}
