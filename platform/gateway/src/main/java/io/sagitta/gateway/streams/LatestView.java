package io.sagitta.gateway.streams;

import io.sagitta.engine.RowMemory;
import io.sagitta.service.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest rows of one stream, kept up to date from its topic, within a bound of memory.
 * Thread-safe.
 */
final class LatestView {
  private static final Logger LOG = LoggerFactory.getLogger(LatestView.class);
  private static final long HEAP_BYTES_PER_KEY = 200;
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final Duration LOADING = Duration.ofSeconds(15);
  private static final int CHUNK_ROWS = 100_000;
  private static final long CHUNK_BYTES = 4 << 20;

  private final StreamRef stream;
  private final Scans scans;
  private final BufferAllocator allocator;
  private final LatestRows rows;
  private final Set<Waiter> waiting = new HashSet<>();
  private final CompletableFuture<StreamScan> scan;
  private final CompletableFuture<Void> released = new CompletableFuture<>();
  private Optional<Throwable> failure = Optional.empty();
  private boolean closed;
  private volatile long usedNanos = System.nanoTime();

  /** A client that waits until all rows published before it came are in the view. */
  private static final class Waiter {
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
  }

  /** Creates one that starts to load. */
  LatestView(StreamRef stream, Scans scans, BufferAllocator parent, long maxBytes) {
    this.stream = stream;
    this.scans = scans;
    this.allocator = parent.newChildAllocator("latest " + stream.id(), 0, maxBytes);
    this.rows = new LatestRows(stream.declared().key(), allocator);
    this.scan = scans.open(stream, Optional.empty(), allocator);
    var unused = scan.whenComplete((opened, e) -> begin(opened, e));
  }

  private void begin(@Nullable StreamScan opened, @Nullable Throwable e) {
    if (opened == null) {
      fail(e == null ? new IllegalStateException("No scan") : e);
      release();
    } else {
      follow(opened);
    }
  }

  boolean isIdle(Duration keep) {
    return System.nanoTime() - usedNanos > keep.toNanos();
  }

  synchronized boolean hasFailed() {
    return failure.isPresent();
  }

  private void follow(StreamScan opened) {
    List<Waiter> before;
    synchronized (this) {
      before = List.copyOf(waiting);
    }
    var unused =
        opened
            .next(
                new StreamScan.Wish(
                    Filter.NONE, CHUNK_ROWS, CHUNK_BYTES, before.isEmpty() ? IDLE : Duration.ZERO))
            .whenComplete(
                (chunk, e) -> {
                  try {
                    if (chunk == null) {
                      throw e == null ? new IllegalStateException("No rows") : e;
                    }
                    take(chunk, before);
                  } catch (Throwable problem) {
                    fail(problem);
                  }
                  if (isOver()) {
                    scans.close(opened);
                    release();
                  } else {
                    follow(opened);
                  }
                });
  }

  private synchronized void take(Chunk chunk, List<Waiter> before) {
    List<VectorSchemaRoot> batches = new ArrayList<>(chunk.batches());
    try {
      while (!batches.isEmpty()) {
        rows.add(batches.remove(0));
      }
    } finally {
      batches.forEach(VectorSchemaRoot::close);
    }
    if (allocator.getAllocatedMemory() + rows.keys() * HEAP_BYTES_PER_KEY > allocator.getLimit()) {
      throw new OutOfMemoryException("too many keys");
    }
    if (!chunk.more()) {
      before.forEach(waiter -> waiter.caughtUp.complete(null));
      before.forEach(waiting::remove);
    }
  }

  private void fail(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    List<Waiter> told;
    synchronized (this) {
      Throwable answer = RowMemory.isSpent(cause) ? tooLarge() : cause;
      failure = Optional.of(answer);
      rows.close();
      told = List.copyOf(waiting);
      waiting.clear();
      told.forEach(waiter -> waiter.caughtUp.completeExceptionally(answer));
    }
    LOG.warn("Gave up latest rows stream={} reason={}", stream.id(), cause.toString());
  }

  private Throwable tooLarge() {
    return Problem.of(
            507,
            "too-many-keys",
            "Too many keys",
            "The latest rows of this stream take more than %,d bytes, the bound of streams.viewMemory. Read its rows from a cursor on instead."
                .formatted(allocator.getLimit()))
        .exception();
  }

  /**
   * Copies rows out, with everything that was published before the call.
   *
   * @param into where the copies live; they are the caller's
   */
  CompletableFuture<List<VectorSchemaRoot>> read(Filter filter, int limit, BufferAllocator into) {
    usedNanos = System.nanoTime();
    Waiter waiter = new Waiter();
    synchronized (this) {
      if (failure.isPresent()) {
        return CompletableFuture.failedFuture(failure.get());
      } else if (closed) {
        return CompletableFuture.failedFuture(loading());
      }
      waiting.add(waiter);
    }
    var unused = scan.thenAccept(StreamScan::nudge);
    return waiter
        .caughtUp
        .orTimeout(LOADING.toSeconds(), TimeUnit.SECONDS)
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(stillLoading(e, waiter)))
        .thenApply(
            done -> {
              synchronized (this) {
                return rows.copy(filter, limit, into);
              }
            });
  }

  private Throwable stillLoading(Throwable e, Waiter waiter) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    if (!(cause instanceof java.util.concurrent.TimeoutException)) {
      return cause;
    }
    synchronized (this) {
      waiting.remove(waiter);
    }
    return loading();
  }

  private static Throwable loading() {
    return Problem.of(
            503, "loading", "Loading", "The stream's rows are still being read. Ask again.")
        .retryAfter(Duration.ofSeconds(2))
        .exception();
  }

  private synchronized boolean isOver() {
    return closed || failure.isPresent() || scans.isStopping();
  }

  private void release() {
    synchronized (this) {
      closed = true;
      rows.close();
    }
    allocator.close();
    released.complete(null);
  }

  /** Ends it; completes when all memory has been given back. */
  CompletableFuture<Void> close() {
    synchronized (this) {
      closed = true;
    }
    var unused = scan.thenAccept(StreamScan::nudge);
    return released;
  }
}
