package io.sagitta.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.ConsumerEventListener;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.impl.MessageIdImpl;

/**
 * A place in the queue for one partition: at most one of all that subscribe is active and receives,
 * the others stand by. The lowest rank is active.
 */
public final class PartitionConsumer implements AutoCloseable {

  /** Hears who is active; calls come from Pulsar's threads and must not block. */
  public interface Activity {
    /** This consumer receives from now on, from the oldest unacknowledged message. */
    void active();

    /** Another one receives; what is in hand may already be there too. */
    void inactive();
  }

  /** The subscription that all tasks use. */
  public static final String SUBSCRIPTION = "sagitta";

  private final Consumer<ByteBuffer> consumer;

  private PartitionConsumer(Consumer<ByteBuffer> consumer) {
    this.consumer = consumer;
  }

  /**
   * Subscribes to {@code topic}, a partition.
   *
   * @param rank who goes first: lower before higher
   * @param name breaks ties and shows in Pulsar's statistics
   */
  public static PartitionConsumer subscribe(
      PulsarConnection connection, String topic, int rank, String name, Activity activity) {
    try {
      return new PartitionConsumer(
          connection
              .client()
              .newConsumer(Schema.BYTEBUFFER)
              .topic(topic)
              .subscriptionName(SUBSCRIPTION)
              .subscriptionType(SubscriptionType.Failover)
              .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
              .consumerName(name)
              .priorityLevel(rank)
              .receiverQueueSize(256)
              .autoScaledReceiverQueueSizeEnabled(true)
              .poolMessages(true)
              .acknowledgmentGroupTime(100, TimeUnit.MILLISECONDS)
              .consumerEventListener(
                  new ConsumerEventListener() {
                    @Override
                    public void becameActive(Consumer<?> consumer, int partition) {
                      activity.active();
                    }

                    @Override
                    public void becameInactive(Consumer<?> consumer, int partition) {
                      activity.inactive();
                    }
                  })
              .subscribe());
    } catch (PulsarClientException e) {
      throw new TransportException("Cannot subscribe to " + topic + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits for the next message.
   *
   * @return owned by the caller; empty if none came in time
   */
  public Optional<Received> receive(int timeoutMillis) throws InterruptedException {
    try {
      Message<ByteBuffer> message = consumer.receive(timeoutMillis, TimeUnit.MILLISECONDS);
      return message == null ? Optional.empty() : Optional.of(received(message));
    } catch (PulsarClientException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw new TransportException("Cannot receive: " + e.getMessage(), e);
    }
  }

  static Received received(Message<ByteBuffer> message) {
    return new Received(
        Position.of(message.getMessageId()),
        message.getPublishTime(),
        Header.fromProperties(message.getProperties()),
        message.getValue(),
        message::release);
  }

  /**
   * Acknowledges everything up to {@code position}, some time soon. One that is lost on the way is
   * made good by the next, or by a step that is repeated.
   */
  public void acknowledge(Position position) {
    MessageId id = new MessageIdImpl(position.ledger(), position.entry(), -1);
    consumer.acknowledgeCumulativeAsync(id).exceptionally(e -> null);
  }

  @Override
  public void close() {
    consumer.closeAsync().exceptionally(e -> null);
  }

  /** Closes and waits until the broker has passed the partition on. */
  public void closeAndWait() {
    try {
      consumer.closeAsync().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // The broker notices by itself when the connection ends.
    }
  }
}
