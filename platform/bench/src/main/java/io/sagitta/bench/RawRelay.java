package io.sagitta.bench;

import io.sagitta.transport.PartitionConsumer;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pulsar alone: consumes every message and publishes, in step with that, messages that are ready;
 * acknowledges what was consumed when they are persisted.
 */
final class RawRelay implements Relay {
  private static final int IN_FLIGHT = 48;
  private static final int WAIT_MILLIS = 30_000;

  private final PartitionConsumer consumer;
  private final PartitionProducer producer;
  private final List<HopTopics.Carried> ready;
  private final int messages;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong persisted = new AtomicLong();
  private final CompletableFuture<Void> done;

  /**
   * Starts.
   *
   * @param messages how many come
   * @param ready what is published
   */
  RawRelay(
      PulsarConnection connection, HopTopics topics, int messages, List<HopTopics.Carried> ready) {
    this.messages = messages;
    this.ready = ready;
    consumer = PartitionConsumer.subscribe(connection, topics.in(), 0, "raw", new Alone());
    producer =
        PartitionProducer.open(
            connection, topics.out(), Optional.empty(), PartitionProducer.Access.SHARED);
    done = CompletableFuture.runAsync(this::relay);
  }

  private void relay() {
    try {
      Semaphore inFlight = new Semaphore(IN_FLIGHT);
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
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted at " + rows + " rows", e);
    }
  }

  @Override
  public Progression.State state() {
    return new Progression.State(rows.get(), persisted.get());
  }

  @Override
  public void await() {
    done.join();
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }

  /** Nobody else consumes. */
  private static final class Alone implements PartitionConsumer.Activity {
    @Override
    public void active() {}

    @Override
    public void inactive() {}
  }
}
