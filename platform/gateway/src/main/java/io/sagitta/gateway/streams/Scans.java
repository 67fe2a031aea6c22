package io.sagitta.gateway.streams;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.service.Problem;
import io.sagitta.service.Shares;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Opens scans of streams, as many at a time as the gateway can bear. A scan whose client will
 * probably come back with the cursor it was given is kept for a while, so that a long poll need not
 * open readers each time. Thread-safe.
 */
final class Scans implements Managed {
  private static final Duration KEEP = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration LAST_READS = Duration.ofSeconds(10);

  private final PulsarConnection connection;
  private final BufferAllocator allocator;
  private final Executor executor;
  private final Shares readers;
  private final Map<String, Parked> parked = new HashMap<>();
  private final Map<StreamScan, StreamRef> open = new HashMap<>();
  private volatile boolean stopping;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "scan-sweeper");
            thread.setDaemon(true);
            return thread;
          });

  private record Parked(StreamScan scan, long untilNanos) {}

  /**
   * Creates one.
   *
   * @param allocator where rows live; stays the caller's
   * @param executor runs what blocks
   * @param readers how many partitions are read at once; each tenant whose streams they are of has
   *     its share
   */
  Scans(PulsarConnection connection, BufferAllocator allocator, Executor executor, Shares readers) {
    this.connection = connection;
    this.allocator = allocator;
    this.executor = executor;
    this.readers = readers;
  }

  int readersInUse() {
    return readers.taken();
  }

  /**
   * Opens a scan of a stream.
   *
   * @param cursor its text as a client gave it; {@code latest} for new rows only; empty for all
   */
  CompletableFuture<StreamScan> open(StreamRef stream, Optional<String> cursor) {
    return open(stream, cursor, allocator);
  }

  /** Like {@link #open(StreamRef, Optional)}, with rows in an allocator of the caller's. */
  CompletableFuture<StreamScan> open(
      StreamRef stream, Optional<String> cursor, BufferAllocator rows) {
    Optional<StreamScan> waiting = cursor.flatMap(text -> take(key(stream, text)));
    if (waiting.isPresent()) {
      return CompletableFuture.completedFuture(waiting.get());
    }
    boolean latest = cursor.filter("latest"::equals).isPresent();
    Cursor start =
        cursor.isEmpty() || latest
            ? Cursor.start(stream.partitions())
            : Cursor.parse(cursor.get(), stream.id(), stream.partitions());
    reserve(stream);
    return CompletableFuture.supplyAsync(
            () ->
                new StreamScan(
                    connection, stream.topic(), latest ? newest(stream) : start, rows, executor),
            executor)
        .whenComplete((scan, e) -> opened(scan, stream));
  }

  private void opened(@Nullable StreamScan scan, StreamRef stream) {
    if (scan == null) {
      readers.give(tenant(stream), stream.partitions());
      return;
    }
    synchronized (open) {
      open.put(scan, stream);
    }
    if (stopping) {
      scan.hurry();
    }
  }

  private Cursor newest(StreamRef stream) {
    try {
      List<Cursor.Place> places = new ArrayList<>();
      for (int p = 0; p < stream.partitions(); p++) {
        places.add(PartitionScan.newest(connection, Topics.partition(stream.topic(), p)));
      }
      return new Cursor(places);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while looking for the newest row", e);
    }
  }

  private void reserve(StreamRef stream) {
    String tenant = tenant(stream);
    if (readers.take(tenant, stream.partitions())) {
      return;
    }
    sweep(Long.MAX_VALUE);
    if (!readers.take(tenant, stream.partitions())) {
      throw Problem.of(
              503,
              "too-many-readers",
              "Too many readers",
              ("%d partitions of tenant %s are being read through this gateway, of %d that may, and"
                      + " %d of all tenants, of %d. Ask again later, or another gateway.")
                  .formatted(
                      readers.taken(tenant),
                      tenant,
                      readers.mostOfOne(),
                      readers.taken(),
                      readers.most()))
          .retryAfter(RETRY)
          .exception();
    }
  }

  private static String tenant(StreamRef stream) {
    return stream.pipeline().id().tenant();
  }

  private static String key(StreamRef stream, String cursor) {
    return stream.id() + "@" + cursor;
  }

  private Optional<StreamScan> take(String key) {
    synchronized (parked) {
      return Optional.ofNullable(parked.remove(key)).map(Parked::scan);
    }
  }

  /** Takes a scan back whose client was given {@code cursor}. */
  void park(StreamRef stream, String cursor, StreamScan scan) {
    Parked before;
    synchronized (parked) {
      before =
          parked.put(key(stream, cursor), new Parked(scan, System.nanoTime() + KEEP.toNanos()));
    }
    if (before != null) {
      close(before.scan());
    }
  }

  /** Closes a scan that was opened here. */
  void close(StreamScan scan) {
    scan.close();
    synchronized (open) {
      StreamRef stream = open.remove(scan);
      if (stream != null) {
        readers.give(tenant(stream), stream.partitions());
      }
      open.notifyAll();
    }
  }

  /** Ends all waiting, now and from now on: the gateway is about to stop. */
  void hurry() {
    stopping = true;
    synchronized (open) {
      open.keySet().forEach(StreamScan::hurry);
    }
  }

  boolean isStopping() {
    return stopping;
  }

  @Override
  public void start() {
    var unused =
        sweeper.scheduleWithFixedDelay(() -> sweep(System.nanoTime()), 1, 1, TimeUnit.SECONDS);
  }

  private void sweep(long nowNanos) {
    List<StreamScan> old = new ArrayList<>();
    synchronized (parked) {
      Iterator<Parked> all = parked.values().iterator();
      while (all.hasNext()) {
        Parked one = all.next();
        if (nowNanos == Long.MAX_VALUE || one.untilNanos() - nowNanos < 0) {
          old.add(one.scan());
          all.remove();
        }
      }
    }
    old.forEach(this::close);
  }

  @Override
  public void stop() throws InterruptedException {
    hurry();
    sweeper.shutdownNow();
    sweep(Long.MAX_VALUE);
    long deadline = System.nanoTime() + LAST_READS.toNanos();
    synchronized (open) {
      while (!open.isEmpty() && System.nanoTime() < deadline) {
        open.wait(100);
      }
    }
  }
}
