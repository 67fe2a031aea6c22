package io.sagitta.transport;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.impl.MessageIdImpl;

/**
 * Reads a partition that others write, in order, each message once after a position. A durable
 * subscription keeps what was not {@linkplain #release released}: a reader that starts again finds
 * what the one before it found, however short the topic's retention is.
 */
public final class ForeignTopicReader implements AutoCloseable {
  private static final int QUEUE = 64;

  private final String topic;
  private final Optional<ForeignPosition> after;
  private final Reader<byte[]> reader;
  private final Consumer<byte[]> retention;

  private ForeignTopicReader(
      String topic,
      Optional<ForeignPosition> after,
      Reader<byte[]> reader,
      Consumer<byte[]> retention) {
    this.topic = topic;
    this.after = after;
    this.reader = reader;
    this.retention = retention;
  }

  /** Returns the subscription that keeps messages for source {@code source} of {@code pipeline}. */
  public static String subscription(PipelineId pipeline, String source) {
    return PartitionClaim.SUBSCRIPTION
        + "."
        + pipeline.tenant()
        + "."
        + pipeline.name()
        + "."
        + source;
  }

  /**
   * Opens a reader on {@code topic}, a partition or a topic without partitions.
   *
   * @param subscription keeps what was not released
   * @param after the last message that is not wanted; empty starts with the oldest
   */
  public static ForeignTopicReader open(
      PulsarConnection connection,
      String topic,
      String subscription,
      Optional<ForeignPosition> after) {
    // Whole entries from the disk on: which of an entry's messages are wanted is decided here.
    MessageId start =
        after
            .<MessageId>map(p -> new MessageIdImpl(p.ledger(), p.entry(), -1))
            .orElse(MessageId.earliest);
    try {
      Consumer<byte[]> retention =
          connection
              .client()
              .newConsumer(Schema.BYTES)
              .topic(topic)
              .subscriptionName(subscription)
              .subscriptionType(SubscriptionType.Failover)
              .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
              .receiverQueueSize(1)
              .acknowledgmentGroupTime(1, TimeUnit.SECONDS)
              .subscribe();
      try {
        Reader<byte[]> reader =
            connection
                .client()
                .newReader(Schema.BYTES)
                .topic(topic)
                .receiverQueueSize(QUEUE)
                .startMessageId(start)
                .startMessageIdInclusive()
                .create();
        return new ForeignTopicReader(topic, after, reader, retention);
      } catch (PulsarClientException e) {
        retention.closeAsync().exceptionally(failure -> null);
        throw e;
      }
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot read " + topic + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits for the next message.
   *
   * @return empty if none came in time
   */
  public Optional<ForeignMessage> next(int timeoutMillis) throws InterruptedException {
    try {
      Message<byte[]> message = reader.readNext(timeoutMillis, TimeUnit.MILLISECONDS);
      while (message != null) {
        ForeignPosition position = ForeignPosition.of(message.getMessageId());
        if (after.isEmpty() || position.compareTo(after.get()) > 0) {
          return Optional.of(
              new ForeignMessage(
                  position,
                  Instant.ofEpochMilli(message.getPublishTime()),
                  ByteBuffer.wrap(message.getData())));
        }
        message = reader.readNext(timeoutMillis, TimeUnit.MILLISECONDS);
      }
      return Optional.empty();
    } catch (PulsarClientException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw new TransportException("Cannot read " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Lets Pulsar delete the entries before the one of {@code position}. */
  public void release(ForeignPosition position) {
    if (position.entry() > 0) {
      MessageId before = new MessageIdImpl(position.ledger(), position.entry() - 1, -1);
      retention.acknowledgeCumulativeAsync(before).exceptionally(e -> null);
    }
  }

  @Override
  public void close() {
    reader.closeAsync().exceptionally(e -> null);
    retention.closeAsync().exceptionally(e -> null);
  }
}
