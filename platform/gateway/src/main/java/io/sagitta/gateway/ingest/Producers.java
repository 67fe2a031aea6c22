package io.sagitta.gateway.ingest;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.service.Problem;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PulsarConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Producers into partitions of source topics: opened on first use, shared by requests, closed when
 * nobody has used them for a while. Named ones are let go soon, so that a client may go on at
 * another gateway. Thread-safe.
 */
final class Producers implements Managed {
  private static final Duration KEEP = Duration.ofMinutes(5);
  private static final Duration CLOSING = Duration.ofSeconds(5);
  private static final int MAX_NAMED = 1000;
  private static final int OPENERS = 4;

  private final PulsarConnection connection;
  private final Duration keepNamed;
  private final Map<Key, Slot> slots = new HashMap<>();
  private final ExecutorService openers =
      Executors.newFixedThreadPool(OPENERS, r -> daemon(r, "producer-opener"));
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(r -> daemon(r, "producer-sweeper"));

  private record Key(String topic, Optional<String> name) {}

  /**
   * Creates one.
   *
   * @param keepNamed for how long a named producer that is not used is kept
   */
  Producers(PulsarConnection connection, Duration keepNamed) {
    this.connection = connection;
    this.keepNamed = keepNamed;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** A producer in use; whoever acquired it releases it once. */
  final class Slot {
    private final Key key;
    private final CompletableFuture<NumberedProducer> producer;
    private int users;
    private long usedNanos = System.nanoTime();

    private Slot(Key key) {
      this.key = key;
      this.producer =
          CompletableFuture.supplyAsync(
              () ->
                  new NumberedProducer(
                      PartitionProducer.open(
                          connection, key.topic(), key.name(), PartitionProducer.Access.SHARED)),
              openers);
    }

    /** Completes when it is open, or with the reason why it cannot be. */
    CompletableFuture<NumberedProducer> producer() {
      return producer;
    }

    /** Lets it be closed when idle. */
    void release() {
      synchronized (slots) {
        users--;
        usedNanos = System.nanoTime();
      }
    }

    /** Makes the next use open a new one, since this one has failed. */
    void discard() {
      synchronized (slots) {
        slots.remove(key, this);
      }
      close();
    }

    private void close() {
      var unused = producer.thenAcceptAsync(p -> p.producer().closeAndWait(), openers);
    }

    private boolean isIdle(long now) {
      Duration keep = key.name().isPresent() ? keepNamed : KEEP;
      return users == 0 && now - usedNanos > keep.toNanos();
    }
  }

  /** Returns the producer into {@code topic}, a partition, under {@code name} if given. */
  Slot acquire(String topic, Optional<String> name) {
    Key key = new Key(topic, name);
    synchronized (slots) {
      Slot slot = slots.get(key);
      if (slot == null) {
        if (name.isPresent() && named() >= MAX_NAMED) {
          throw Problem.of(
                  503,
                  "too-many-producers",
                  "Too many named producers",
                  "%d producers are named here already. Use fewer names, or another gateway."
                      .formatted(MAX_NAMED))
              .retryAfter(keepNamed)
              .exception();
        }
        slot = new Slot(key);
        slots.put(key, slot);
      }
      slot.users++;
      return slot;
    }
  }

  private long named() {
    return slots.keySet().stream().filter(k -> k.name().isPresent()).count();
  }

  @Override
  public void start() {
    var unused = sweeper.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    take(slot -> slot.isIdle(now)).forEach(Slot::close);
  }

  /** Closes the producers into topics that start with {@code prefix}; what they hold has failed. */
  void forget(String prefix) {
    take(slot -> slot.key.topic().startsWith(prefix)).forEach(Slot::close);
  }

  private List<Slot> take(java.util.function.Predicate<Slot> which) {
    synchronized (slots) {
      List<Slot> taken = new ArrayList<>(slots.values().stream().filter(which).toList());
      slots.values().removeAll(taken);
      return taken;
    }
  }

  @Override
  public void stop() throws InterruptedException {
    sweeper.shutdownNow();
    take(slot -> true).forEach(Slot::close);
    openers.shutdown();
    if (!openers.awaitTermination(CLOSING.toSeconds(), TimeUnit.SECONDS)) {
      openers.shutdownNow();
    }
  }
}
