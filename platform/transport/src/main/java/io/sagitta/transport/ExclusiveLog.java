package io.sagitta.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.impl.MessageIdImpl;

/**
 * A log that one owner at a time writes: one partition, held through an exclusive producer, whose
 * epoch shuts a late writer out. Journals are such logs.
 *
 * @param <T> a record that Jackson can write and read
 */
public final class ExclusiveLog<T> implements AutoCloseable {
  /** An older version may have to read what a newer one wrote. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final int WAIT_MILLIS = 30_000;

  private final PulsarConnection connection;
  private final String topic;
  private final Class<T> type;
  private final PartitionProducer producer;
  private final Consumer<byte[]> retention;

  /**
   * A record and where it stands in the log.
   *
   * @param position its place
   */
  public record Entry<T>(Position position, T record) {}

  private ExclusiveLog(
      PulsarConnection connection,
      String topic,
      Class<T> type,
      PartitionProducer producer,
      Consumer<byte[]> retention) {
    this.connection = connection;
    this.topic = topic;
    this.type = type;
    this.producer = producer;
    this.retention = retention;
  }

  /**
   * Takes the log at {@code topic}, a partition.
   *
   * @throws FencedOutException while another owner holds it
   */
  public static <T> ExclusiveLog<T> take(PulsarConnection connection, String topic, Class<T> type) {
    PartitionProducer producer =
        PartitionProducer.open(
            connection, topic, Optional.empty(), PartitionProducer.Access.EXCLUSIVE);
    try {
      // Holds records back from deletion until they are acknowledged; never read from.
      Consumer<byte[]> retention =
          connection
              .client()
              .newConsumer(Schema.BYTES)
              .topic(topic)
              .subscriptionName(PartitionClaim.SUBSCRIPTION)
              .subscriptionType(SubscriptionType.Failover)
              .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
              .receiverQueueSize(1)
              .acknowledgmentGroupTime(1, TimeUnit.SECONDS)
              .subscribe();
      return new ExclusiveLog<>(connection, topic, type, producer, retention);
    } catch (PulsarClientException e) {
      producer.close();
      throw new TransportException("Cannot subscribe to " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Returns the newest record. */
  public Optional<Entry<T>> last() throws InterruptedException {
    try (PartitionReader reader =
        PartitionReader.open(connection, topic, new PartitionReader.Start.LastMessage())) {
      return reader.hasNext() ? Optional.of(entry(reader)) : Optional.empty();
    }
  }

  /**
   * Returns the records from {@code from} on, or from the oldest that is kept, up to {@code
   * through}, which is there.
   */
  public List<Entry<T>> read(Optional<Position> from, Position through)
      throws InterruptedException {
    List<Entry<T>> entries = new ArrayList<>();
    PartitionReader.Start start =
        from.<PartitionReader.Start>map(PartitionReader.Start.At::new)
            .orElseGet(PartitionReader.Start.Earliest::new);
    try (PartitionReader reader = PartitionReader.open(connection, topic, start)) {
      do {
        entries.add(entry(reader));
      } while (entries.get(entries.size() - 1).position().compareTo(through) < 0);
    }
    return entries;
  }

  /** Returns all records of the log at {@code topic}, a partition, without taking it. */
  public static <T> List<T> look(PulsarConnection connection, String topic, Class<T> type)
      throws InterruptedException {
    List<T> records = new ArrayList<>();
    try (PartitionReader reader =
        PartitionReader.open(connection, topic, new PartitionReader.Start.Earliest())) {
      while (reader.hasNext()) {
        records.add(entry(reader, topic, type).record());
      }
    }
    return records;
  }

  private Entry<T> entry(PartitionReader reader) throws InterruptedException {
    return entry(reader, topic, type);
  }

  private static <T> Entry<T> entry(PartitionReader reader, String topic, Class<T> type)
      throws InterruptedException {
    Optional<Received> next = reader.next(WAIT_MILLIS);
    if (next.isEmpty()) {
      throw new TransportException(
          topic + " did not give its records in " + WAIT_MILLIS / 1000 + " s");
    }
    try (Received message = next.get()) {
      byte[] bytes = new byte[message.payload().remaining()];
      message.payload().get(bytes);
      return new Entry<>(message.position(), JSON.readValue(bytes, type));
    } catch (IOException e) {
      throw new TransportException(topic + " holds what is no " + type.getSimpleName(), e);
    }
  }

  /** Appends; completes with the record's place when it is on disk. */
  public CompletableFuture<Position> append(T record) {
    try {
      Header header = Header.of(Header.Kind.SIGNAL, "", "", 0, Optional.empty());
      return producer
          .send(header, ByteBuffer.wrap(JSON.writeValueAsBytes(record)))
          .thenApply(p -> p.orElseThrow(() -> new TransportException(topic + " dropped a record")));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a record that JSON can hold", e);
    }
  }

  /** Lets Pulsar delete records up to {@code position}. */
  public void forgetThrough(Position position) {
    MessageId id = new MessageIdImpl(position.ledger(), position.entry(), -1);
    retention.acknowledgeCumulativeAsync(id).exceptionally(e -> null);
  }

  @Override
  public void close() {
    retention.closeAsync().exceptionally(e -> null);
    producer.closeAndWait();
  }
}
