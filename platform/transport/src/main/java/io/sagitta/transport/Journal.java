package io.sagitta.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
 * The log of one task's steps: one partition of a journal topic, held through an exclusive
 * producer, whose epoch shuts a late writer out.
 */
public final class Journal implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PartitionProducer producer;
  private final Consumer<byte[]> retention;

  /**
   * A record and where it stands in the journal.
   *
   * @param position its place
   */
  public record Entry(Position position, StepRecord record) {}

  private Journal(PartitionProducer producer, Consumer<byte[]> retention) {
    this.producer = producer;
    this.retention = retention;
  }

  /**
   * Takes the journal at {@code topic}, a partition.
   *
   * @throws FencedOutException while another owner holds it
   */
  public static Journal take(PulsarConnection connection, String topic) {
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
              .subscriptionName(PartitionConsumer.SUBSCRIPTION)
              .subscriptionType(SubscriptionType.Failover)
              .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
              .receiverQueueSize(1)
              .acknowledgmentGroupTime(1, TimeUnit.SECONDS)
              .subscribe();
      return new Journal(producer, retention);
    } catch (PulsarClientException e) {
      producer.close();
      throw new TransportException("Cannot subscribe to " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Reads the records that a new owner needs, oldest first; call after {@link #take}. */
  public static List<Entry> read(PulsarConnection connection, String topic)
      throws InterruptedException {
    Optional<Entry> last;
    try (PartitionReader reader =
        PartitionReader.open(connection, topic, new PartitionReader.Start.LastMessage())) {
      last = reader.hasNext() ? Optional.of(entry(reader)) : Optional.empty();
    }
    if (last.isEmpty()) {
      return List.of();
    }
    Position from = last.get().record().keepFrom();
    List<Entry> entries = new ArrayList<>();
    try (PartitionReader reader =
        PartitionReader.open(
            connection,
            topic,
            from.ledger() < 0
                ? new PartitionReader.Start.Earliest()
                : new PartitionReader.Start.At(from))) {
      do {
        entries.add(entry(reader));
      } while (entries.get(entries.size() - 1).position().compareTo(last.get().position()) < 0);
    }
    return entries;
  }

  private static Entry entry(PartitionReader reader) throws InterruptedException {
    try (Received message =
        reader
            .next(30_000)
            .orElseThrow(() -> new TransportException("A journal's end did not come in 30 s"))) {
      byte[] bytes = new byte[message.payload().remaining()];
      message.payload().get(bytes);
      return new Entry(message.position(), JSON.readValue(bytes, StepRecord.class));
    } catch (IOException e) {
      throw new TransportException("A journal holds what is no step record", e);
    }
  }

  /** Appends; completes with the record's place when it is on disk. */
  public CompletableFuture<Position> append(StepRecord record) {
    try {
      Header header = Header.of(Header.Kind.SIGNAL, "", "", 0, Optional.empty());
      return producer
          .send(header, ByteBuffer.wrap(JSON.writeValueAsBytes(record)))
          .thenApply(
              p -> p.orElseThrow(() -> new TransportException("A journal dropped a record")));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A step record is not JSON", e);
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
