package io.sagitta.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.ReaderBuilder;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageIdImpl;

/** Reads one partition from any position, leaving no trace on the broker. */
public final class PartitionReader implements AutoCloseable {

  /** Where a reader starts. */
  public sealed interface Start {
    /** With the oldest message that is kept. */
    record Earliest() implements Start {}

    /** With what is published from now on. */
    record Latest() implements Start {}

    /** With the last message there is. */
    record LastMessage() implements Start {}

    /** With the message at {@code position}. */
    record At(Position position) implements Start {}

    /** With the message behind {@code position}. */
    record After(Position position) implements Start {}
  }

  private static final int QUEUED = 64;

  private final Reader<ByteBuffer> reader;

  private PartitionReader(Reader<ByteBuffer> reader) {
    this.reader = reader;
  }

  /** Opens a reader on {@code topic}, a partition, for reading on without a pause. */
  public static PartitionReader open(PulsarConnection connection, String topic, Start start) {
    return open(connection, topic, start, QUEUED);
  }

  /**
   * Opens a reader on {@code topic}, a partition.
   *
   * @param queued how many messages may wait in memory; few where there are many readers
   */
  public static PartitionReader open(
      PulsarConnection connection, String topic, Start start, int queued) {
    try {
      Start known = start instanceof Start.LastMessage ? last(connection, topic) : start;
      return new PartitionReader(builder(connection, topic, known, queued).create());
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot read " + topic + ": " + e.getMessage(), e);
    }
  }

  /**
   * Asks where the last message is, by a reader that is thrown away. Starting at "latest,
   * inclusive" makes the client seek instead, and a broker that cannot tell the client so in time
   * closes the whole connection, with all producers and consumers on it.
   */
  private static Start last(PulsarConnection connection, String topic)
      throws PulsarClientException {
    try (Reader<ByteBuffer> reader = builder(connection, topic, new Start.Latest(), 1).create()) {
      Position last = Position.of(reader.getLastMessageIds().get(0));
      return last.entry() < 0 ? new Start.Earliest() : new Start.At(last);
    } catch (java.io.IOException e) {
      throw PulsarClientException.unwrap(e);
    }
  }

  private static ReaderBuilder<ByteBuffer> builder(
      PulsarConnection connection, String topic, Start start, int queued) {
    ReaderBuilder<ByteBuffer> builder =
        connection
            .client()
            .newReader(Schema.BYTEBUFFER)
            .topic(topic)
            .receiverQueueSize(queued)
            .poolMessages(true);
    if (start instanceof Start.Earliest) {
      builder.startMessageId(MessageId.earliest);
    } else if (start instanceof Start.Latest) {
      builder.startMessageId(MessageId.latest);
    } else if (start instanceof Start.At at) {
      builder.startMessageId(id(at.position())).startMessageIdInclusive();
    } else if (start instanceof Start.After after) {
      builder.startMessageId(id(after.position()));
    }
    return builder;
  }

  private static MessageId id(Position position) {
    return new MessageIdImpl(position.ledger(), position.entry(), -1);
  }

  /** Returns whether there is a message to read now. Asks the broker. */
  public boolean hasNext() {
    try {
      return reader.hasMessageAvailable();
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot read: " + e.getMessage(), e);
    }
  }

  /** Like {@link #hasNext()}, without waiting. */
  public CompletableFuture<Boolean> hasNextAsync() {
    return reader.hasMessageAvailableAsync();
  }

  /** Asks the broker where the newest message is; its entry is negative if there is none. */
  public CompletableFuture<Position> newestAsync() {
    return reader.getLastMessageIdsAsync().thenApply(ids -> Position.of(ids.get(0)));
  }

  /**
   * Waits for the next message.
   *
   * @return owned by the caller; empty if none came in time
   */
  public Optional<Received> next(int timeoutMillis) throws InterruptedException {
    try {
      Message<ByteBuffer> message = reader.readNext(timeoutMillis, TimeUnit.MILLISECONDS);
      return message == null ? Optional.empty() : Optional.of(received(message));
    } catch (PulsarClientException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw new TransportException("Cannot read: " + e.getMessage(), e);
    }
  }

  /** Returns the next message whenever it comes; cancelling gives it up. */
  public CompletableFuture<Received> nextAsync() {
    return reader.readNextAsync().thenApply(PartitionReader::received);
  }

  private static Received received(Message<ByteBuffer> message) {
    return new Received(
        Position.of(message.getMessageId()),
        message.getPublishTime(),
        Header.fromProperties(message.getProperties()),
        message.getValue(),
        message::release);
  }

  @Override
  public void close() {
    reader.closeAsync().exceptionally(e -> null);
  }
}
