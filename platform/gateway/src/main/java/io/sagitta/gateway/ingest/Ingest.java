package io.sagitta.gateway.ingest;

import io.sagitta.definition.HttpSource;
import io.sagitta.engine.Progress;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.KeyPartitioner;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.gateway.catalog.Pipeline;
import io.sagitta.service.Problem;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.Header;
import io.sagitta.transport.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * The way of a body into a source's topic: decoded into a batch, cut by partition and size, sent,
 * confirmed. Thread-safe; decoding runs in the caller's thread.
 */
final class Ingest {
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final int REASONS_SHOWN = 5;

  private final Producers producers;
  private final BufferAllocator allocator;
  private final Clock clock;
  private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();

  /** A source of a pipeline. */
  record Target(Pipeline pipeline, String name, HttpSource source) {
    String topic() {
      return Topics.source(pipeline.id(), name);
    }

    int partitions() {
      return pipeline.definition().spec().parallelism();
    }
  }

  /**
   * A client's own name and number of a request.
   *
   * @param sequence from 1 on
   */
  record Numbered(String producer, long sequence) {
    String producerName() {
      return "client." + producer;
    }
  }

  /**
   * What became of a request.
   *
   * @param reasons of some of the rejected rows
   * @param ignored names of columns that the source does not declare
   */
  record Outcome(
      long accepted, long rejected, boolean duplicate, List<String> reasons, List<String> ignored) {
    static final Outcome DUPLICATE = new Outcome(0, 0, true, List.of(), List.of());
  }

  /** A body in messages, by partition. */
  private record Encoded(Map<Integer, List<NumberedProducer.Message>> messages, Outcome outcome) {
    long bytes() {
      return messages.values().stream()
          .flatMap(List::stream)
          .mapToLong(m -> m.payload().remaining())
          .sum();
    }
  }

  Ingest(Producers producers, BufferAllocator allocator, Clock clock) {
    this.producers = producers;
    this.allocator = allocator;
    this.clock = clock;
  }

  /**
   * Takes a body without a number.
   *
   * @param share shrinks to what the messages take
   * @return completes when Pulsar has all its rows
   */
  CompletableFuture<Outcome> take(
      Target target, RowFormat format, ByteBuffer body, MemoryBudget.Share share) {
    Encoded encoded = encode(target, format, body, Optional.empty());
    share.shrinkTo(encoded.bytes());
    List<CompletableFuture<?>> sent = new ArrayList<>();
    encoded
        .messages()
        .forEach(
            (partition, messages) ->
                sent.add(
                    use(target, partition, Optional.empty(), producer -> producer.send(messages))));
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
        .thenApply(done -> encoded.outcome());
  }

  /** Takes a body that its client has numbered, at most once. */
  CompletableFuture<Outcome> take(
      Target target,
      RowFormat format,
      ByteBuffer body,
      MemoryBudget.Share share,
      Numbered numbered) {
    int partition = partition(numbered, target.partitions());
    return use(
        target,
        partition,
        Optional.of(numbered.producerName()),
        producer -> {
          producer.refuseGap(numbered.sequence());
          if (producer.has(numbered.sequence())) {
            return CompletableFuture.completedFuture(Outcome.DUPLICATE);
          }
          Encoded encoded = encode(target, format, body, Optional.of(partition));
          share.shrinkTo(encoded.bytes());
          List<NumberedProducer.Message> messages = encoded.messages().get(partition);
          return producer
              .send(numbered.sequence(), messages == null ? List.of() : messages)
              .thenApply(duplicate -> duplicate ? Outcome.DUPLICATE : encoded.outcome());
        });
  }

  /** Tells every partition of a source that nothing more will come. */
  CompletableFuture<Void> end(Target target) {
    Progress ended = new Progress(Long.MIN_VALUE, Long.MIN_VALUE, Progress.Activity.ENDED);
    Header header = Header.of(Header.Kind.SIGNAL, "gateway", target.name(), 0, Optional.of(ended));
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int partition = 0; partition < target.partitions(); partition++) {
      NumberedProducer.Message message =
          new NumberedProducer.Message(header, ByteBuffer.allocate(0));
      sent.add(
          use(target, partition, Optional.empty(), producer -> producer.send(List.of(message))));
    }
    return CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new));
  }

  private <T> CompletableFuture<T> use(
      Target target,
      int partition,
      Optional<String> name,
      Function<NumberedProducer, CompletionStage<T>> work) {
    Producers.Slot slot = producers.acquire(Topics.partition(target.topic(), partition), name);
    return slot.producer()
        .thenCompose(work)
        .whenComplete(
            (done, e) -> {
              slot.release();
              if (e != null && !isAnswer(e)) {
                slot.discard();
              }
            })
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(asAnswer(e)));
  }

  /** Whether the fault is the request's, so that the producer is still good. */
  private static boolean isAnswer(Throwable e) {
    return unwrapped(e) instanceof io.sagitta.service.ProblemException
        || unwrapped(e) instanceof BadDataException;
  }

  private static Throwable unwrapped(Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }

  private static Throwable asAnswer(Throwable thrown) {
    Throwable e = unwrapped(thrown);
    if (e instanceof FencedOutException) {
      return Problem.of(
              503,
              "producer-in-use",
              "Producer in use",
              "Another gateway holds this producer's name. Send the request again there, or here"
                  + " once the name has been idle for some seconds.")
          .retryAfter(RETRY)
          .exception();
    } else if (isAnswer(e) || (e instanceof RuntimeException && !isOfPulsar(e))) {
      return e;
    }
    return Problem.of(
            503,
            "not-confirmed",
            "Not confirmed",
            "Pulsar did not confirm the rows: "
                + e.getMessage()
                + ". They may be stored or not: send the request again; under a producer's name and"
                + " number that is safe.")
        .retryAfter(RETRY)
        .exception();
  }

  private static boolean isOfPulsar(Throwable e) {
    return e instanceof io.sagitta.transport.TransportException;
  }

  private Encoded encode(
      Target target, RowFormat format, ByteBuffer body, Optional<Integer> partition) {
    RowDecoder decoder = RowDecoder.of(target.name(), target.source());
    try (RowDecoder.Decoded decoded = decoder.decode(format, body, clock.instant(), allocator)) {
      Map<Integer, List<NumberedProducer.Message>> messages = new TreeMap<>();
      int turn = partition.orElseGet(() -> turn(target));
      long accepted = decoded.rows().getRowCount();
      long rejected = decoded.rejects().map(VectorSchemaRoot::getRowCount).orElse(0);
      List<String> key = target.source().key();
      if (partition.isEmpty() && !key.isEmpty() && target.partitions() > 1) {
        byKey(target, decoded.rows(), messages);
      } else if (accepted > 0 || (partition.isPresent() && rejected == 0)) {
        // A numbered request without rows sends an empty batch, so that its number is taken.
        messages.put(turn, Messages.of(Header.Kind.ROWS, target.name(), decoded.rows()));
      }
      decoded
          .rejects()
          .ifPresent(
              rejects ->
                  messages
                      .computeIfAbsent(turn, p -> new ArrayList<>())
                      .addAll(Messages.of(Header.Kind.REJECTS, target.name(), rejects)));
      return new Encoded(
          messages,
          new Outcome(accepted, rejected, false, reasons(decoded.rejects()), decoded.ignored()));
    }
  }

  private void byKey(
      Target target, VectorSchemaRoot rows, Map<Integer, List<NumberedProducer.Message>> messages) {
    // The partitioner takes its batch over; this slice shares the memory of the decoded one.
    List<KeyPartitioner.Part> parts =
        KeyPartitioner.split(
            rows.slice(0, rows.getRowCount()),
            target.source().key(),
            target.partitions(),
            allocator);
    try {
      for (KeyPartitioner.Part part : parts) {
        messages.put(part.partition(), Messages.of(Header.Kind.ROWS, target.name(), part.rows()));
      }
    } finally {
      parts.forEach(part -> part.rows().close());
    }
  }

  private static List<String> reasons(Optional<VectorSchemaRoot> rejects) {
    List<String> reasons = new ArrayList<>();
    rejects.ifPresent(
        root -> {
          VarCharVector details =
              (VarCharVector) root.getVector(io.sagitta.engine.Quarantine.DETAIL);
          for (int i = 0; i < Math.min(REASONS_SHOWN, root.getRowCount()); i++) {
            if (!details.isNull(i)) {
              reasons.add(new String(details.get(i), StandardCharsets.UTF_8));
            }
          }
        });
    return reasons;
  }

  private int turn(Target target) {
    AtomicInteger turn = turns.computeIfAbsent(target.topic(), t -> new AtomicInteger());
    return Math.floorMod(turn.getAndIncrement(), target.partitions());
  }

  /** Where a name's requests go, for as long as the topic lives. */
  private static int partition(Numbered numbered, int partitions) {
    CRC32 hash = new CRC32();
    hash.update(numbered.producer().getBytes(StandardCharsets.US_ASCII));
    return (int) (hash.getValue() % partitions);
  }
}
