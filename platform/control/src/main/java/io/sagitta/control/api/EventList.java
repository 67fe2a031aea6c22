package io.sagitta.control.api;

import io.sagitta.transport.Event;
import java.util.List;

/**
 * Events of a pipeline, oldest first.
 *
 * @param next what to ask {@code after} the next time
 */
public record EventList(List<Event> events, String next) {
  public EventList {
    events = List.copyOf(events);
  }
}
