package io.sagitta.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;

/**
 * Publishes into one partition, in order. Under a name, the broker drops what has a sequence number
 * it has seen from that name. Never batches: Pulsar loses new messages that share a client batch
 * with repeated ones.
 */
public final class PartitionProducer implements AutoCloseable {

  /** Who else may publish under the same name, or at all. */
  public enum Access {
    /** Others may publish beside it. */
    SHARED,
    /** Nobody else may publish, and late writers are shut out by an epoch. */
    EXCLUSIVE
  }

  private final Producer<ByteBuffer> producer;

  private PartitionProducer(Producer<ByteBuffer> producer) {
    this.producer = producer;
  }

  /**
   * Opens a producer on {@code topic}, a partition.
   *
   * @param name for deduplication; the broker picks one if empty
   * @throws FencedOutException if the name or the exclusive access is held by somebody else
   */
  public static PartitionProducer open(
      PulsarConnection connection, String topic, Optional<String> name, Access access) {
    ProducerBuilder<ByteBuffer> builder =
        connection
            .client()
            .newProducer(Schema.BYTEBUFFER)
            .topic(topic)
            .enableBatching(false)
            .enableChunking(false)
            .compressionType(CompressionType.LZ4)
            .sendTimeout(0, TimeUnit.SECONDS)
            .maxPendingMessages(0)
            .accessMode(
                access == Access.EXCLUSIVE
                    ? ProducerAccessMode.Exclusive
                    : ProducerAccessMode.Shared);
    name.ifPresent(builder::producerName);
    try {
      return new PartitionProducer(builder.create());
    } catch (PulsarClientException.ProducerBusyException
        | PulsarClientException.ProducerFencedException e) {
      throw new FencedOutException(
          "Another producer holds " + topic + name.map(n -> " as " + n).orElse(""), e);
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot publish into " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Returns the last sequence number the broker has from this name; -1 if none. */
  public long lastSequence() {
    return producer.getLastSequenceId();
  }

  /**
   * Publishes under a sequence number, which grows from call to call.
   *
   * @return completes with the position when Pulsar has it on disk; a repeated message has none
   */
  public CompletableFuture<Optional<Position>> send(
      long sequence, Header header, ByteBuffer payload) {
    return send(message(header, payload).sequenceId(sequence));
  }

  /** Publishes without a number of the caller's. */
  public CompletableFuture<Optional<Position>> send(Header header, ByteBuffer payload) {
    return send(message(header, payload));
  }

  /** Publishes under {@code key}, for a compacted topic. */
  CompletableFuture<Optional<Position>> sendKeyed(String key, ByteBuffer payload) {
    return send(producer.newMessage().key(key).value(payload));
  }

  private TypedMessageBuilder<ByteBuffer> message(Header header, ByteBuffer payload) {
    return producer.newMessage().properties(header.toProperties()).value(payload);
  }

  private static CompletableFuture<Optional<Position>> send(
      TypedMessageBuilder<ByteBuffer> message) {
    return message
        .sendAsync()
        .thenApply(
            id -> {
              Position position = Position.of(id);
              return position.ledger() < 0 ? Optional.empty() : Optional.of(position);
            });
  }

  /** Returns whether the broker has it connected now. */
  public boolean isConnected() {
    return producer.isConnected();
  }

  @Override
  public void close() {
    producer.closeAsync().exceptionally(e -> null);
  }

  /** Closes and waits until the broker has let the name go. */
  public void closeAndWait() {
    try {
      producer.closeAsync().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // The broker gives the name up by itself when the connection ends.
    }
  }
}
