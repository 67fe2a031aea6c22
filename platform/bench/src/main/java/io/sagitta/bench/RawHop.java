package io.sagitta.bench;

import io.sagitta.transport.PartitionConsumer;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pulsar alone over one hop: consumes every message and publishes, in step with that, messages that
 * are ready; acknowledges what was consumed when they are persisted.
 */
final class RawHop {
  private static final int IN_FLIGHT = 48;
  private static final int WAIT_MILLIS = 30_000;

  private RawHop() {}

  /**
   * Runs once.
   *
   * @param messages how many come
   * @param ready what is published
   * @param warmRows rows before measuring begins
   */
  static Progression.Cost run(
      PulsarConnection connection,
      long brokerPid,
      HopTopics topics,
      int messages,
      List<HopTopics.Carried> ready,
      long warmRows)
      throws InterruptedException {
    AtomicLong rows = new AtomicLong();
    AtomicLong persisted = new AtomicLong();
    Semaphore inFlight = new Semaphore(IN_FLIGHT);
    try (PartitionConsumer consumer =
            PartitionConsumer.subscribe(connection, topics.in(), 0, "raw", new Alone());
        PartitionProducer producer =
            PartitionProducer.open(
                connection, topics.out(), Optional.empty(), PartitionProducer.Access.SHARED);
        Progression progression =
            Progression.of(brokerPid, () -> new Progression.State(rows.get(), persisted.get()))) {
      int sent = 0;
      for (int i = 0; i < messages; i++) {
        Position position;
        try (Received message = consumer.receive(WAIT_MILLIS).orElseThrow()) {
          position = message.position();
          rows.addAndGet(message.header().rows());
        }
        long due = (long) (i + 1) * ready.size() / messages;
        for (; sent < due; sent++) {
          inFlight.acquire();
          HopTopics.Carried next = ready.get(sent);
          var unused =
              producer
                  .send(next.header(), next.payload().duplicate())
                  .thenRun(
                      () -> {
                        consumer.acknowledge(position);
                        persisted.incrementAndGet();
                        inFlight.release();
                      });
        }
      }
      inFlight.acquire(IN_FLIGHT);
      return progression.costAfter(warmRows);
    }
  }

  /** Nobody else consumes. */
  private static final class Alone implements PartitionConsumer.Activity {
    @Override
    public void active() {}

    @Override
    public void inactive() {}
  }
}
