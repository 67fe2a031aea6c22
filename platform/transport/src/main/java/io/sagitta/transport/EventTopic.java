package io.sagitta.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Where a process says what happened to pipelines: {@link Topics#EVENTS}. Thread-safe. */
public final class EventTopic implements AutoCloseable {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final PartitionProducer producer;

  private EventTopic(PartitionProducer producer) {
    this.producer = producer;
  }

  /** Opens the topic for publishing. */
  public static EventTopic open(PulsarConnection connection) {
    return new EventTopic(
        PartitionProducer.open(
            connection, Topics.EVENTS, Optional.empty(), PartitionProducer.Access.SHARED));
  }

  /** Publishes {@code event}; completes when it is on disk. Nobody has to wait for that. */
  public CompletableFuture<Void> publish(Event event) {
    try {
      Header header =
          Header.of(Header.Kind.SIGNAL, event.origin(), event.pipeline(), 0, Optional.empty());
      return producer
          .send(header, ByteBuffer.wrap(JSON.writeValueAsBytes(event)))
          .thenApply(position -> null);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event is not JSON", e);
    }
  }

  /** Returns the event that {@code message} holds, which stays the caller's; empty if none. */
  public static Optional<Event> read(Received message) {
    byte[] bytes = new byte[message.payload().remaining()];
    message.payload().get(bytes);
    try {
      return Optional.of(JSON.readValue(bytes, Event.class));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
