package io.sagitta.bench;

import io.sagitta.transport.PartitionClaim;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pulsar alone: reads every message and publishes, in step with that, messages that are ready;
 * acknowledges what was read when they are persisted.
 */
final class RawRelay implements Relay {
  private static final int IN_FLIGHT = 48;
  private static final int QUEUED = 256;
  private static final int WAIT_MILLIS = 30_000;

  private final PartitionClaim claim;
  private final PartitionReader reader;
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
    claim = PartitionClaim.on(connection, topics.in(), 0, "raw", new Alone());
    reader =
        PartitionReader.open(connection, topics.in(), new PartitionReader.Start.Earliest(), QUEUED);
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
        try (Received message = reader.next(WAIT_MILLIS).orElseThrow()) {
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
                        claim.acknowledge(position);
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
    reader.close();
    claim.close();
  }

  /** Nobody else claims it. */
  private static final class Alone implements PartitionClaim.Activity {
    @Override
    public void active() {}

    @Override
    public void inactive() {}
  }
}
