package io.sagitta.control.quarantine;

import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Sends recorded replays to their sources.
 *
 * <p>A message's sequence number is made of its record's number, and all messages of one partition
 * go out in the order of their records, under one name: so the broker drops what is sent again. And
 * since a record is written before its message is sent, a row is never sent under two numbers.
 */
final class ReplaySender implements AutoCloseable {
  /** Under what name rows are sent. */
  static final String NAME = "control.replay";

  private static final long PATIENCE_SECONDS = 30;

  private final PulsarConnection connection;
  private final BufferAllocator allocator;
  private final Clock clock;
  private final PipelineId pipeline;
  private final Spec spec;
  private final ExclusiveLog<ReplayRecord> log;
  private final Map<String, PartitionProducer> producers = new HashMap<>();

  ReplaySender(
      PulsarConnection connection,
      BufferAllocator allocator,
      Clock clock,
      PipelineId pipeline,
      Spec spec,
      ExclusiveLog<ReplayRecord> log) {
    this.connection = connection;
    this.allocator = allocator;
    this.clock = clock;
    this.pipeline = pipeline;
    this.spec = spec;
    this.log = log;
  }

  /** Writes {@code records}, new ones, then sends them. */
  void recordAndSend(List<ReplayRecord> records) throws InterruptedException {
    await(records.stream().map(log::append).toList());
    send(records);
  }

  /** Sends what is recorded, oldest first; returns how many rows that were. */
  long send(List<ReplayRecord> records) throws InterruptedException {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    List<ReplayRecord> gone = new ArrayList<>();
    for (ReplayRecord entry : records) {
      Source source = spec.sources().get(entry.source());
      // A source that is no more takes nothing; the record waits in case it comes back.
      if (source != null) {
        send(entry, source, sent);
        gone.add(entry);
      }
    }
    await(sent);
    String now = clock.instant().toString();
    await(gone.stream().map(entry -> log.append(entry.asSent(now))).toList());
    return gone.stream().mapToLong(entry -> entry.positions().size()).sum();
  }

  private void send(ReplayRecord entry, Source source, List<CompletableFuture<?>> sent) {
    PartitionProducer producer =
        producers.computeIfAbsent(
            Topics.partition(Topics.source(pipeline, entry.source()), entry.partition()),
            this::open);
    SourceRows rows = new SourceRows(entry.source(), source, allocator);
    try (RowDecoder.Decoded decoded = rows.decode(entry.rows(), entry.arrivalMicros())) {
      long sequence = entry.number() << 1;
      if (decoded.rows().getRowCount() > 0) {
        sent.add(send(producer, sequence, Header.Kind.ROWS, entry, decoded.rows()));
      }
      // Only if another revision has changed the source since they were recorded.
      decoded
          .rejects()
          .ifPresent(
              rejects ->
                  sent.add(send(producer, sequence + 1, Header.Kind.REJECTS, entry, rejects)));
    }
  }

  private static CompletableFuture<?> send(
      PartitionProducer producer,
      long sequence,
      Header.Kind kind,
      ReplayRecord entry,
      VectorSchemaRoot rows) {
    Header header = Header.of(kind, NAME, entry.source(), rows.getRowCount(), Optional.empty());
    return producer.send(sequence, header, IpcCodec.encode(rows));
  }

  private PartitionProducer open(String topic) {
    try {
      return PartitionProducer.open(
          connection, topic, Optional.of(NAME), PartitionProducer.Access.SHARED);
    } catch (FencedOutException e) {
      throw new TransportException(
          "An earlier replay is not quite gone yet; ask again in some seconds", e);
    }
  }

  private static void await(List<? extends CompletableFuture<?>> all) throws InterruptedException {
    try {
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new TransportException(
          "Pulsar did not confirm the replay. Ask for it again: what went back does not go twice",
          e);
    }
  }

  @Override
  public void close() {
    producers.values().forEach(PartitionProducer::closeAndWait);
  }
}
