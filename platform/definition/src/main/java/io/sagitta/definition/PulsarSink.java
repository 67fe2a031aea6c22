package io.sagitta.definition;

import java.util.List;

/**
 * A foreign topic.
 *
 * @param topic as {@code persistent://tenant/namespace/topic}
 * @param format {@link Format#ARROW} or {@link Format#JSON}
 */
public record PulsarSink(List<String> inputs, String topic, Format format) implements Sink {
  public PulsarSink {
    inputs = List.copyOf(inputs);
  }
}
