package io.sagitta.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the policy in force; waits for its topic to exist. Whoever it tells gets the policy that
 * there is, and each that comes, from Pulsar's threads, and must not block.
 */
public final class PolicyTopic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyTopic.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final PulsarConnection connection;
  private final Consumer<PolicyRecord> listener;
  private final Thread opener = new Thread(this::open, "policy");
  private final CountDownLatch first = new CountDownLatch(1);
  private volatile Optional<StateTopic<PolicyRecord>> topic = Optional.empty();
  private volatile boolean stopped;

  private PolicyTopic(PulsarConnection connection, Consumer<PolicyRecord> listener) {
    this.connection = connection;
    this.listener = listener;
    opener.setDaemon(true);
  }

  /** Begins to follow; {@code connection} stays the caller's. */
  public static PolicyTopic follow(PulsarConnection connection, Consumer<PolicyRecord> listener) {
    PolicyTopic following = new PolicyTopic(connection, listener);
    following.opener.start();
    return following;
  }

  private void open() {
    boolean told = false;
    while (!stopped) {
      try {
        StateTopic<PolicyRecord> opened =
            StateTopic.open(connection, Topics.POLICY, PolicyRecord.class);
        topic = Optional.of(opened);
        opened.listen((key, record) -> record.ifPresent(this::tell));
        return;
      } catch (TransportException e) {
        if (!told) {
          LOG.warn("Waiting for the policy: {}", e.getMessage());
          told = true;
        }
        if (!pause()) {
          return;
        }
      }
    }
  }

  private void tell(PolicyRecord record) {
    listener.accept(record);
    first.countDown();
  }

  /**
   * Waits until a policy was told, but no longer than {@code patience}; returns whether one was.
   */
  public boolean awaitFirst(Duration patience) throws InterruptedException {
    return first.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean pause() {
    try {
      Thread.sleep(RETRY.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public void close() {
    stopped = true;
    opener.interrupt();
    topic.ifPresent(StateTopic::close);
  }
}
