package io.sagitta.transport;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.ConsumerEventListener;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.impl.MessageIdImpl;

/**
 * A claim on one partition: of all who claim it at most one is active, the one of the lowest rank;
 * the others stand by. What no active one has acknowledged is kept.
 *
 * <p>A claim gives no messages. Around a change of the active one the broker may hand out some from
 * the middle of the backlog before it goes back to the oldest; an owner therefore reads by a {@link
 * PartitionReader}, from the place that it knows itself.
 */
public final class PartitionClaim implements AutoCloseable {

  /** Hears who is active; calls come from Pulsar's threads and must not block. */
  public interface Activity {
    /** This claim is the active one from now on; the one before it may not know yet. */
    void active();

    /** Another one is active. */
    void inactive();
  }

  /** The subscription that all tasks use. */
  public static final String SUBSCRIPTION = "sagitta";

  private final Consumer<ByteBuffer> consumer;

  private PartitionClaim(Consumer<ByteBuffer> consumer) {
    this.consumer = consumer;
  }

  /**
   * Claims {@code topic}, a partition.
   *
   * @param rank who goes first: lower before higher
   * @param name breaks ties and shows in Pulsar's statistics
   */
  public static PartitionClaim on(
      PulsarConnection connection, String topic, int rank, String name, Activity activity) {
    try {
      return new PartitionClaim(
          connection
              .client()
              .newConsumer(Schema.BYTEBUFFER)
              .topic(topic)
              .subscriptionName(SUBSCRIPTION)
              .subscriptionType(SubscriptionType.Failover)
              .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
              .consumerName(name)
              .priorityLevel(rank)
              .receiverQueueSize(1)
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
      throw new TransportException("Cannot claim " + topic + ": " + e.getMessage(), e);
    }
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
}
