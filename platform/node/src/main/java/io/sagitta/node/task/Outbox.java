package io.sagitta.node.task;

import io.sagitta.definition.Stream;
import io.sagitta.engine.Chain.Output;
import io.sagitta.engine.Progress;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.codec.KeyPartitioner;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.engine.codec.Slices;
import io.sagitta.transport.Header;
import io.sagitta.transport.Position;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * Turns a step's result into messages and publishes them when the step's record is in the journal.
 *
 * <p>Each output partition has a producer named after the task; a message's sequence number is made
 * of the step's number and its part, so that the broker drops what a repeated step sends again.
 * Steps are sent one after the other: nothing of a step leaves before all of the one before it.
 */
final class Outbox implements AutoCloseable {
  private static final int PART_BITS = 16;
  private static final int MOST_TIMES_BIGGER = 4;
  private static final RowFormat ARROW = RowFormat.ARROW;

  private final TaskSpec spec;
  private final BufferAllocator allocator;
  private final int messageBytes;
  private final Map<String, ForeignSink> sinks;
  private final Executor publishing;
  private final Function<String, TaskTopics.Output> open;
  private final Map<String, TaskTopics.Output> producers = new HashMap<>();
  private final Set<String> exchanges = new LinkedHashSet<>();
  private CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);
  private Progress announced = Progress.NONE;
  private volatile boolean failed;
  private boolean closed;

  private record Outgoing(Header header, ByteBuffer payload) {}

  /**
   * Creates one that opens producers when they are first needed.
   *
   * @param sinks foreign topics, by the sink's name
   * @param publishing where messages are compressed and sent, one step after the other
   * @param open gives the producer on a partition
   */
  Outbox(
      TaskSpec spec,
      BufferAllocator allocator,
      int messageBytes,
      Map<String, ForeignSink> sinks,
      Executor publishing,
      Function<String, TaskTopics.Output> open) {
    this.spec = spec;
    this.allocator = allocator;
    this.messageBytes = messageBytes;
    this.sinks = Map.copyOf(sinks);
    this.publishing = publishing;
    this.open = open;
    for (Output output : spec.chain().outputs()) {
      if (output instanceof Output.ToExchange exchange) {
        exchanges.add(exchange.stage());
      }
    }
  }

  /** Notes the progress after a step that need not be sent again. */
  void skip(Progress progress) {
    announced = progress;
  }

  /**
   * Encodes {@code result} now, and sends it when {@code recorded} completes.
   *
   * @param result still owned by the caller, and free to be closed on return
   * @return completes when everything is persisted
   */
  CompletableFuture<Void> send(long step, StepResult result, CompletableFuture<Position> recorded) {
    Map<String, List<Outgoing>> outgoing = encode(result);
    // Here, not when it is sent: opening a producer may wait for a zombie's connection to end.
    outgoing.keySet().forEach(this::producer);
    announced = result.progress();
    CompletableFuture<Void> persisted = new CompletableFuture<>();
    sent =
        sent.thenCombine(recorded, (before, position) -> null)
            .thenRunAsync(() -> publish(step, outgoing, persisted), publishing);
    sent.exceptionally(
        failure -> {
          persisted.completeExceptionally(failure);
          return null;
        });
    return persisted;
  }

  private Map<String, List<Outgoing>> encode(StepResult result) {
    Map<String, List<Outgoing>> outgoing = new TreeMap<>();
    for (StepResult.Emission emission : result.emissions()) {
      if (emission.output() instanceof Output.ToExchange exchange) {
        String topic = Topics.exchange(spec.id().pipeline(), exchange.stage());
        addByKey(topic, exchange.from(), exchange.key(), 0, emission.rows(), outgoing);
      } else if (emission.output() instanceof Output.ToSink sink) {
        ForeignSink foreign = sinks.get(sink.sink());
        if (foreign != null) {
          addRows(foreign.topic(), sink.from(), foreign.format(), emission.rows(), outgoing);
        }
      } else if (emission.output() instanceof Output.ToStream stream) {
        Stream declared = spec.plan().definition().spec().streams().get(stream.stream());
        List<String> key = declared == null ? List.of() : declared.key();
        String topic = Topics.stream(spec.id().pipeline(), stream.stream());
        addByKey(topic, stream.from(), key, spec.id().partition(), emission.rows(), outgoing);
      }
    }
    result
        .quarantined()
        .ifPresent(
            rows -> {
              String topic = Topics.quarantine(spec.id().pipeline());
              addRows(Topics.partition(topic, 0), spec.chain().name(), ARROW, rows, outgoing);
            });
    announce(result.progress(), outgoing);
    return outgoing;
  }

  private void addByKey(
      String topic,
      String from,
      List<String> key,
      int withoutKey,
      VectorSchemaRoot rows,
      Map<String, List<Outgoing>> outgoing) {
    if (key.isEmpty() || spec.parallelism() == 1) {
      addRows(Topics.partition(topic, withoutKey), from, ARROW, rows, outgoing);
      return;
    }
    for (KeyPartitioner.Part part :
        KeyPartitioner.split(Slices.share(rows), key, spec.parallelism(), allocator)) {
      try (VectorSchemaRoot partRows = part.rows()) {
        addRows(Topics.partition(topic, part.partition()), from, ARROW, partRows, outgoing);
      }
    }
  }

  private void addRows(
      String topic,
      String from,
      RowFormat format,
      VectorSchemaRoot rows,
      Map<String, List<Outgoing>> outgoing) {
    List<Outgoing> messages = outgoing.computeIfAbsent(topic, t -> new ArrayList<>());
    int perMessage = rowsPerMessage(rows);
    for (int start = 0; start < rows.getRowCount(); start += perMessage) {
      int length = Math.min(perMessage, rows.getRowCount() - start);
      try (VectorSchemaRoot slice = Slices.of(rows, start, length)) {
        addSlice(from, format, slice, messages);
      }
    }
  }

  /** Adds a message, or two if it came out far bigger than guessed, as JSON may. */
  private void addSlice(
      String from, RowFormat format, VectorSchemaRoot rows, List<Outgoing> messages) {
    Outgoing whole = outgoing(from, format, rows);
    int half = rows.getRowCount() / 2;
    if (half == 0 || whole.payload().remaining() <= MOST_TIMES_BIGGER * messageBytes) {
      messages.add(whole);
      return;
    }
    try (VectorSchemaRoot first = Slices.of(rows, 0, half);
        VectorSchemaRoot second = Slices.of(rows, half, rows.getRowCount() - half)) {
      addSlice(from, format, first, messages);
      addSlice(from, format, second, messages);
    }
  }

  private Outgoing outgoing(String from, RowFormat format, VectorSchemaRoot rows) {
    Header header =
        Header.of(
            Header.Kind.ROWS, spec.id().local(), from, rows.getRowCount(), Optional.of(announced));
    return new Outgoing(header, ByteBuffer.wrap(RowEncoder.encode(rows, format)));
  }

  private int rowsPerMessage(VectorSchemaRoot rows) {
    long bytes = 0;
    for (FieldVector vector : rows.getFieldVectors()) {
      bytes += vector.getBufferSize();
    }
    long messages = bytes / messageBytes + 1;
    return (int) Math.max(1, (rows.getRowCount() + messages - 1) / messages);
  }

  /**
   * Puts the progress after the step into the last message for each exchange partition, so that no
   * row of the step comes after a watermark that is past it; where there is none, into a signal.
   */
  private void announce(Progress progress, Map<String, List<Outgoing>> outgoing) {
    for (String stage : exchanges) {
      String topic = Topics.exchange(spec.id().pipeline(), stage);
      for (int partition = 0; partition < spec.parallelism(); partition++) {
        List<Outgoing> messages =
            outgoing.computeIfAbsent(Topics.partition(topic, partition), t -> new ArrayList<>());
        if (messages.isEmpty()) {
          if (!progress.equals(announced)) {
            Header header =
                Header.of(Header.Kind.SIGNAL, spec.id().local(), "", 0, Optional.of(progress));
            messages.add(new Outgoing(header, ByteBuffer.allocate(0)));
          }
        } else {
          Outgoing last = messages.remove(messages.size() - 1);
          Header header = last.header();
          messages.add(
              new Outgoing(
                  Header.of(
                      header.kind(),
                      header.from(),
                      header.input(),
                      header.rows(),
                      Optional.of(progress)),
                  last.payload()));
        }
      }
    }
  }

  private void publish(
      long step, Map<String, List<Outgoing>> outgoing, CompletableFuture<Void> persisted) {
    List<CompletableFuture<?>> acknowledgements = new ArrayList<>();
    outgoing.forEach(
        (topic, messages) -> {
          for (int part = 0; part < messages.size(); part++) {
            Outgoing message = messages.get(part);
            if (failed) {
              throw new TransportException("A message before this one was not persisted");
            }
            acknowledgements.add(
                producer(topic)
                    .send(step << PART_BITS | part, message.header(), message.payload())
                    .whenComplete((persistedAt, failure) -> noteFailure(failure)));
          }
        });
    CompletableFuture<Void> all =
        CompletableFuture.allOf(acknowledgements.toArray(CompletableFuture[]::new));
    CompletableFuture<Void> unused =
        all.whenComplete(
            (done, failure) -> {
              if (failure == null) {
                persisted.complete(null);
              } else {
                persisted.completeExceptionally(failure);
              }
            });
  }

  private void noteFailure(@Nullable Throwable failure) {
    if (failure != null) {
      failed = true;
    }
  }

  private synchronized TaskTopics.Output producer(String topic) {
    if (closed) {
      throw new TransportException("The task gave its outputs up before this was sent");
    }
    return producers.computeIfAbsent(topic, open);
  }

  @Override
  public synchronized void close() {
    closed = true;
    producers.values().forEach(TaskTopics.Output::close);
    producers.clear();
  }
}
