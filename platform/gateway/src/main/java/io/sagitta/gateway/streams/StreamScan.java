package io.sagitta.gateway.streams;

import io.sagitta.engine.codec.Gather;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Reads a stream on from a cursor, all partitions side by side, without holding a thread while it
 * waits. What it holds is bounded: a few messages a partition. One call of {@link #next} at a time.
 */
final class StreamScan implements AutoCloseable {
  private static final Duration MAX_SCAN = Duration.ofSeconds(5);
  private static final Duration ARRIVAL = Duration.ofSeconds(1);
  private static final Duration ON_ITS_WAY = Duration.ofMillis(500);

  private final List<PartitionScan> partitions = new ArrayList<>();
  private final BufferAllocator allocator;
  private final Executor executor;
  private volatile CompletableFuture<Void> bell = new CompletableFuture<>();
  private volatile boolean nudged;
  private volatile boolean hurried;
  private int turn;

  /**
   * What a call wants.
   *
   * @param maxBytes about how many; at least one row is given whatever its size
   * @param patience for how long to wait for a first row
   */
  record Wish(Filter filter, int maxRows, long maxBytes, Duration patience) {}

  /**
   * Opens one; blocks.
   *
   * @param topic of the stream
   * @param allocator where rows live; stays the caller's
   * @param executor runs what takes time
   */
  StreamScan(
      PulsarConnection connection,
      String topic,
      Cursor cursor,
      BufferAllocator allocator,
      Executor executor) {
    this.allocator = allocator;
    this.executor = executor;
    try {
      for (int p = 0; p < cursor.places().size(); p++) {
        partitions.add(
            new PartitionScan(
                connection,
                Topics.partition(topic, p),
                cursor.places().get(p),
                allocator,
                this::ring));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void ring() {
    bell.complete(null);
  }

  /** Ends the wait of a call that has no rows yet; of the next call, if none is under way. */
  void nudge() {
    nudged = true;
    ring();
  }

  /** Ends the wait of this and every later call. */
  void hurry() {
    hurried = true;
    ring();
  }

  Cursor cursor() {
    return new Cursor(partitions.stream().map(PartitionScan::place).toList());
  }

  /** Reads on; completes with rows, or with none if none came in time. */
  CompletableFuture<Chunk> next(Wish wish) {
    Collected collected = new Collected(wish);
    return CompletableFuture.completedFuture(collected)
        .thenComposeAsync(this::step, executor)
        .whenComplete(
            (chunk, e) -> {
              if (e != null) {
                collected.close();
              }
            });
  }

  private CompletableFuture<Chunk> step(Collected collected) {
    drain(collected);
    if (collected.isFull()) {
      return CompletableFuture.completedFuture(collected.chunk(cursor(), true));
    }
    return any(PartitionScan::hasNext)
        .thenCompose(
            more -> {
              if (more) {
                return await(ARRIVAL).thenComposeAsync(rung -> step(collected), executor);
              }
              if (partitions.stream().anyMatch(PartitionScan::isReady)) {
                // It came between the two questions.
                return CompletableFuture.completedFuture(collected)
                    .thenComposeAsync(this::step, executor);
              }
              Duration left = collected.left();
              if (collected.rows > 0 || nudged || hurried) {
                return end(collected);
              }
              return left.isZero()
                  ? lastLook(collected)
                  : await(left).thenComposeAsync(rung -> step(collected), executor);
            });
  }

  private CompletableFuture<Chunk> end(Collected collected) {
    nudged = false;
    return CompletableFuture.completedFuture(collected.chunk(cursor(), false));
  }

  /** Ends without rows, unless some are known to be there: then it waits for them once. */
  private CompletableFuture<Chunk> lastLook(Collected collected) {
    if (collected.lookedTwice) {
      return end(collected);
    }
    collected.lookedTwice = true;
    return any(PartitionScan::isBehind)
        .thenCompose(
            behind ->
                behind
                    ? await(ON_ITS_WAY).thenComposeAsync(rung -> step(collected), executor)
                    : end(collected));
  }

  private CompletableFuture<Boolean> any(
      Function<PartitionScan, CompletableFuture<Boolean>> question) {
    CompletableFuture<Boolean> any = CompletableFuture.completedFuture(false);
    for (PartitionScan partition : partitions) {
      any = any.thenCombine(question.apply(partition), (a, b) -> a || b);
    }
    return any;
  }

  private CompletableFuture<Void> await(Duration time) {
    CompletableFuture<Void> fresh = new CompletableFuture<>();
    bell = fresh;
    if (nudged || hurried || partitions.stream().anyMatch(PartitionScan::isReady)) {
      fresh.complete(null);
    }
    return fresh.completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes what is there, a batch from each partition in turn. */
  private void drain(Collected collected) {
    int idle = 0;
    while (!collected.isFull() && idle < partitions.size()) {
      PartitionScan partition = partitions.get(turn);
      Optional<VectorSchemaRoot> batch = partition.batch();
      if (batch.isPresent()) {
        if (!collected.take(partition, batch.get())) {
          return;
        }
        idle = 0;
      } else {
        idle++;
      }
      turn = (turn + 1) % partitions.size();
    }
  }

  /** Rows on their way into a chunk. */
  private final class Collected implements AutoCloseable {
    private final Wish wish;
    private final long startNanos = System.nanoTime();
    private final List<VectorSchemaRoot> batches = new ArrayList<>();
    private Optional<Schema> schema = Optional.empty();
    private boolean schemaEnds;
    private boolean lookedTwice;
    private int rows;
    private long bytes;

    Collected(Wish wish) {
      this.wish = wish;
    }

    boolean isFull() {
      return schemaEnds
          || rows >= wish.maxRows()
          || bytes >= wish.maxBytes()
          || System.nanoTime() - startNanos > wish.patience().plus(MAX_SCAN).toNanos();
    }

    Duration left() {
      Duration left = wish.patience().minusNanos(System.nanoTime() - startNanos);
      return left.isNegative() ? Duration.ZERO : left;
    }

    /** Takes rows of a batch; false if it has another schema than those before. */
    boolean take(PartitionScan partition, VectorSchemaRoot batch) {
      if (schema.isPresent() && !schema.get().equals(batch.getSchema())) {
        schemaEnds = true;
        return false;
      }
      int from = partition.row();
      int there = batch.getRowCount() - from;
      if (wish.filter().isNone() && from == 0 && there <= wish.maxRows() - rows) {
        add(partition.take());
        return true;
      }
      IntPredicate test = wish.filter().on(batch);
      int[] chosen = new int[Math.min(there, wish.maxRows() - rows)];
      int count = 0;
      int row = from;
      while (row < batch.getRowCount() && count < chosen.length) {
        if (test.test(row)) {
          chosen[count++] = row;
        }
        row++;
      }
      if (count > 0) {
        add(Gather.rows(batch, chosen, count, allocator));
      }
      partition.advance(row - from);
      return true;
    }

    private void add(VectorSchemaRoot batch) {
      schema = Optional.of(batch.getSchema());
      batches.add(batch);
      rows += batch.getRowCount();
      for (FieldVector vector : batch.getFieldVectors()) {
        bytes += vector.getBufferSize();
      }
    }

    Chunk chunk(Cursor cursor, boolean more) {
      Chunk chunk = new Chunk(batches, cursor, more);
      batches.clear();
      return chunk;
    }

    @Override
    public void close() {
      batches.forEach(VectorSchemaRoot::close);
      batches.clear();
    }
  }

  @Override
  public void close() {
    partitions.forEach(PartitionScan::close);
    partitions.clear();
    hurry();
  }
}
