package io.sagitta.definition;

import java.util.List;
import java.util.Optional;

/**
 * Rows of another pipeline's stream, or of a foreign topic.
 *
 * @param stream another pipeline's stream as {@code tenant/pipeline/stream}; exactly one of this
 *     and {@code topic} is given
 * @param topic a foreign topic as {@code persistent://tenant/namespace/topic}
 * @param format how a foreign topic's messages are written: {@link Format#ARROW} or {@link
 *     Format#JSON}
 */
public record PulsarSource(
    Optional<String> stream,
    Optional<String> topic,
    Format format,
    Schema schema,
    Optional<EventTime> eventTime,
    List<String> key)
    implements Source {
  public PulsarSource {
    key = List.copyOf(key);
  }
}
