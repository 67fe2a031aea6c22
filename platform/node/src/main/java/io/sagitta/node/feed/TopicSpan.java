package io.sagitta.node.feed;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.transport.ForeignPosition;
import java.util.Optional;

/**
 * How far a foreign partition has been read, and up to where the next chunk goes. How much waits at
 * a moment is chance, and yet a chunk must follow from the position before it. So where a chunk
 * ends is chosen first, and is part of the position.
 *
 * @param after the last message read; empty before the first
 * @param through the last message of the next chunk; empty if that is not chosen yet
 */
record TopicSpan(Optional<ForeignPosition> after, Optional<ForeignPosition> through) {

  /** Parses what {@link #toString} wrote; nothing is the start. */
  static TopicSpan parse(String text) throws ConnectorException {
    int comma = text.indexOf(',');
    try {
      return comma < 0
          ? new TopicSpan(position(text), Optional.empty())
          : new TopicSpan(position(text.substring(0, comma)), position(text.substring(comma + 1)));
    } catch (IllegalArgumentException e) {
      throw new ConnectorException("'" + text + "' is no position in a foreign topic", e);
    }
  }

  private static Optional<ForeignPosition> position(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(ForeignPosition.parse(text));
  }

  @Override
  public String toString() {
    return after.map(ForeignPosition::toString).orElse("")
        + ","
        + through.map(ForeignPosition::toString).orElse("");
  }
}
