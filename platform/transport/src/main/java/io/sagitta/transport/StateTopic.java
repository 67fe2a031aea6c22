package io.sagitta.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TableView;

/**
 * The latest value of each key of a compacted topic, as JSON records of one type.
 *
 * @param <T> a record that Jackson can write and read
 */
public final class StateTopic<T> implements AutoCloseable {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final TableView<byte[]> view;
  private final Class<T> type;
  private final Map<String, T> values = new ConcurrentHashMap<>();

  private StateTopic(TableView<byte[]> view, Class<T> type) {
    this.view = view;
    this.type = type;
  }

  /** Opens {@code topic} and waits until all there is has been read. */
  public static <T> StateTopic<T> open(PulsarConnection connection, String topic, Class<T> type) {
    try {
      StateTopic<T> state =
          new StateTopic<>(
              connection.client().newTableView(Schema.BYTES).topic(topic).create(), type);
      state.view.forEachAndListen(state::store);
      return state;
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot read " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Returns all values, by key. */
  public Map<String, T> all() {
    return new TreeMap<>(values);
  }

  /** Returns the value of {@code key}. */
  public Optional<T> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /**
   * Calls {@code listener} for each value there is and each that comes; an empty value means that
   * the key is gone. Calls come from Pulsar's threads and must not block.
   */
  public void listen(BiConsumer<String, Optional<T>> listener) {
    view.forEachAndListen((key, bytes) -> listener.accept(key, parse(bytes)));
  }

  /** Completes when everything published before the call has been read. */
  public CompletableFuture<Void> refresh() {
    return view.refreshAsync();
  }

  /** Opens a producer that can {@link #put} into {@code topic}. */
  public static PartitionProducer writer(
      PulsarConnection connection, String topic, PartitionProducer.Access access) {
    return PartitionProducer.open(connection, topic, Optional.empty(), access);
  }

  /** Publishes {@code value} under {@code key}; an empty one removes the key. */
  public static CompletableFuture<Void> put(
      PartitionProducer writer, String key, Optional<?> value) {
    try {
      byte[] bytes = value.isPresent() ? JSON.writeValueAsBytes(value.get()) : new byte[0];
      return writer.sendKeyed(key, ByteBuffer.wrap(bytes)).thenApply(p -> null);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a record that JSON can hold", e);
    }
  }

  private void store(String key, byte[] bytes) {
    parse(bytes).ifPresentOrElse(value -> values.put(key, value), () -> values.remove(key));
  }

  private Optional<T> parse(byte[] bytes) {
    if (bytes == null || bytes.length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(bytes, type));
    } catch (IOException e) {
      throw new TransportException("A state message is no " + type.getSimpleName(), e);
    }
  }

  @Override
  public void close() {
    view.closeAsync().exceptionally(e -> null);
  }
}
