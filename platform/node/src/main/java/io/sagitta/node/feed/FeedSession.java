package io.sagitta.node.feed;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.connectors.SourceReader;
import io.sagitta.engine.Progress;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.KeyPartitioner;
import io.sagitta.engine.codec.Slices;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.TransportException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * One feeder's time with a source: reads chunk by chunk and publishes each after its record is in
 * the log. A reader gives the same chunk after the same position, and its messages have numbers
 * made of the chunk's: a chunk that is published again after a crash is dropped by the broker.
 */
final class FeedSession implements AutoCloseable {
  private static final int PART_BITS = 16;
  private static final int MESSAGE_BYTES = 1 << 20;
  private static final long POLL_MILLIS = 200;

  private final FeedSpec spec;
  private final PulsarConnection pulsar;
  private final SourceConnector connector;
  private final Reach reach;
  private final ExclusiveLog<FeedRecord> log;
  private final BufferAllocator allocator;
  private final Map<Integer, PartitionProducer> producers = new HashMap<>();
  private final Deque<CompletableFuture<?>> inFlight = new ArrayDeque<>();
  private final Runnable step;
  private Optional<Position> newest = Optional.empty();

  /**
   * Creates one that ends where {@code step} throws.
   *
   * @param step called between any two things that a crash could part
   */
  FeedSession(
      FeedSpec spec,
      PulsarConnection pulsar,
      SourceConnector connector,
      Reach reach,
      ExclusiveLog<FeedRecord> log,
      BufferAllocator allocator,
      Runnable step) {
    this.spec = spec;
    this.pulsar = pulsar;
    this.connector = connector;
    this.reach = reach;
    this.log = log;
    this.allocator = allocator;
    this.step = step;
  }

  /** Feeds until stopped; returns whether the source has ended for good. */
  boolean run(CountDownLatch stopping) throws ConnectorException, InterruptedException {
    Optional<ExclusiveLog.Entry<FeedRecord>> last = log.last();
    newest = last.map(ExclusiveLog.Entry::position);
    long chunk = last.map(e -> e.record().chunk()).orElse(1L);
    String before = last.map(e -> e.record().before()).orElse("");
    boolean recorded = last.isPresent();
    if (recorded && last.get().record().end()) {
      publishEnd(chunk);
      return true;
    }
    try (SourceReader reader =
        connector.open(spec.name(), spec.source(), reach, before, spec.schema(), allocator)) {
      while (stopping.getCount() > 0) {
        Optional<SourceReader.Chunk> next = reader.next();
        if (next.isEmpty()) {
          if (reader.ended()) {
            record(new FeedRecord(chunk, before, true));
            publishEnd(chunk);
            return true;
          }
          var unused = stopping.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
          continue;
        }
        try (SourceReader.Chunk rows = next.get()) {
          step.run();
          if (isEmpty(rows)) {
            // A mere choice: it is recorded with the chunk that it leads to.
            before = rows.position();
            recorded = false;
            continue;
          }
          if (!recorded) {
            record(new FeedRecord(chunk, before, false));
          }
          publish(chunk, rows);
          before = rows.position();
          chunk++;
          recorded = false;
        }
      }
    }
    settle();
    return false;
  }

  private static boolean isEmpty(SourceReader.Chunk chunk) {
    return chunk.rows().getRowCount() == 0 && chunk.rejects().isEmpty();
  }

  private void record(FeedRecord record) {
    // A new owner starts with the newest record: all before it must be in Pulsar.
    settle();
    CompletableFuture<Position> appended = log.append(record);
    join(appended);
    newest.ifPresent(log::forgetThrough);
    newest = Optional.of(appended.join());
    step.run();
  }

  private void publish(long chunk, SourceReader.Chunk rows) {
    Map<Integer, Integer> parts = new HashMap<>();
    List<String> key = spec.source().key();
    if (key.isEmpty() || spec.partitions() == 1) {
      int partition = partition(chunk);
      publish(chunk, partition, Header.Kind.ROWS, rows.rows(), parts);
    } else {
      VectorSchemaRoot share = Slices.share(rows.rows());
      for (KeyPartitioner.Part part :
          KeyPartitioner.split(share, key, spec.partitions(), allocator)) {
        try (VectorSchemaRoot partRows = part.rows()) {
          publish(chunk, part.partition(), Header.Kind.ROWS, partRows, parts);
        }
      }
    }
    rows.rejects()
        .ifPresent(
            rejects -> publish(chunk, partition(chunk), Header.Kind.REJECTS, rejects, parts));
    step.run();
  }

  /** Returns where rows without a key go; feeders begin at different partitions. */
  private int partition(long chunk) {
    return (int) ((chunk + spec.part()) % spec.partitions());
  }

  private void publish(
      long chunk,
      int partition,
      Header.Kind kind,
      VectorSchemaRoot rows,
      Map<Integer, Integer> parts) {
    long bytes = 0;
    for (FieldVector vector : rows.getFieldVectors()) {
      bytes += vector.getBufferSize();
    }
    long messages = bytes / MESSAGE_BYTES + 1;
    int perMessage = (int) Math.max(1, (rows.getRowCount() + messages - 1) / messages);
    for (int start = 0; start < rows.getRowCount(); start += perMessage) {
      int length = Math.min(perMessage, rows.getRowCount() - start);
      try (VectorSchemaRoot slice = Slices.of(rows, start, length)) {
        Header header = Header.of(kind, spec.producer(), spec.name(), length, Optional.empty());
        send(chunk, partition, header, IpcCodec.encode(slice), parts);
      }
    }
  }

  private void publishEnd(long chunk) {
    Progress end = new Progress(Long.MIN_VALUE, Long.MIN_VALUE, Progress.Activity.ENDED);
    Header header =
        Header.of(Header.Kind.SIGNAL, spec.producer(), spec.name(), 0, Optional.of(end));
    for (int partition = 0; partition < spec.partitions(); partition++) {
      send(chunk, partition, header, ByteBuffer.allocate(0), new HashMap<>());
    }
    settle();
  }

  private void send(
      long chunk, int partition, Header header, ByteBuffer payload, Map<Integer, Integer> parts) {
    int part = parts.merge(partition, 1, Integer::sum) - 1;
    CompletableFuture<Optional<Position>> sent =
        producers
            .computeIfAbsent(partition, this::producer)
            .send(chunk << PART_BITS | part, header, payload);
    inFlight.addLast(sent);
    step.run();
  }

  private PartitionProducer producer(int partition) {
    return PartitionProducer.open(
        pulsar,
        spec.topic(partition),
        Optional.of(spec.producer()),
        PartitionProducer.Access.SHARED);
  }

  /** Waits until all that was sent is persisted. */
  private void settle() {
    while (!inFlight.isEmpty()) {
      join(inFlight.removeFirst());
    }
  }

  private static void join(CompletableFuture<?> sent) {
    try {
      sent.join();
    } catch (CompletionException e) {
      throw new TransportException("A chunk was not persisted: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    producers.values().forEach(PartitionProducer::closeAndWait);
  }
}
