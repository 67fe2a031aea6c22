package io.sagitta.control.quarantine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.definition.Spec;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.arrow.memory.BufferAllocator;

/** One replay's choice of rows, in batches by where they go. */
final class Picking {
  private static final int BATCH_ROWS = 500;
  private static final int BATCH_CHARACTERS = 256 << 10;
  private static final int MOST_CHARACTERS = 32 << 20;
  private static final int REASONS = 100;

  private final Spec spec;
  private final ReplayHistory history;
  private final MendedRows mended;
  private final BufferAllocator allocator;
  private final ToIntFunction<String> partitionsOf;
  private final PipelineId pipeline;
  private final int most;
  private final Map<String, Integer> partitions = new HashMap<>();
  private final Map<Destination, Batch> open = new LinkedHashMap<>();
  private final List<Batch> batches = new ArrayList<>();
  private final List<ReplayReport.Stayed> reasons = new ArrayList<>();
  private long replayed;
  private long characters;
  private long already;
  private long stayed;
  private boolean more;

  private record Destination(String source, int partition, long arrivalMicros) {}

  /** Rows that go to one place. */
  private static final class Batch {
    final Destination destination;
    final List<String> positions = new ArrayList<>();
    final List<String> rows = new ArrayList<>();
    final List<String> mended = new ArrayList<>();
    int characters;

    Batch(Destination destination) {
      this.destination = destination;
    }

    boolean isFull(String another) {
      return rows.size() == BATCH_ROWS || characters + another.length() > BATCH_CHARACTERS;
    }
  }

  /**
   * Creates one.
   *
   * @param partitionsOf how many partitions a topic has
   * @param most how many rows may go back at once
   */
  Picking(
      Spec spec,
      ReplayHistory history,
      MendedRows mended,
      BufferAllocator allocator,
      ToIntFunction<String> partitionsOf,
      PipelineId pipeline,
      int most) {
    this.spec = spec;
    this.history = history;
    this.mended = mended;
    this.allocator = allocator;
    this.partitionsOf = partitionsOf;
    this.pipeline = pipeline;
    this.most = most;
  }

  /** Takes {@code row} if it can go back; returns whether there is room for another one. */
  boolean take(KeptRow row) {
    String position = row.place().toString();
    if (replayed >= most || characters >= MOST_CHARACTERS) {
      more = true;
      return false;
    } else if (history.of(position).isPresent()) {
      already++;
      return true;
    }
    WayBack way = WayBack.of(spec, row.stage(), row.reason());
    if (way instanceof WayBack.To to) {
      send(row, position, to);
    } else if (way instanceof WayBack.None none) {
      stays(position, none.why());
    }
    return true;
  }

  private void send(KeptRow row, String position, WayBack.To to) {
    SourceRows source = new SourceRows(to.name(), to.source(), allocator);
    Optional<ObjectNode> object = mended.of(row);
    if (object.isEmpty()) {
      stays(position, "it could not be read; say by a mended row what it should have been");
      return;
    }
    String text = source.withEventTime(object.get(), row);
    int targets =
        partitions.computeIfAbsent(
            to.name(), name -> partitionsOf.applyAsInt(Topics.source(pipeline, name)));
    SourceRows.Checked checked = source.check(text, row, Math.max(1, targets));
    if (checked.problem().isPresent()) {
      stays(position, checked.problem().get());
      return;
    }
    Batch batch =
        batch(new Destination(to.name(), checked.partition(), source.arrivalMicros(row)), text);
    batch.positions.add(position);
    batch.rows.add(text);
    batch.characters += text.length();
    if (mended.has(row.place())) {
      batch.mended.add(position);
    }
    characters += text.length();
    replayed++;
  }

  private Batch batch(Destination destination, String row) {
    Batch last = open.get(destination);
    if (last != null && !last.isFull(row)) {
      return last;
    }
    Batch batch = new Batch(destination);
    open.put(destination, batch);
    batches.add(batch);
    return batch;
  }

  /** Notes that the row at {@code position} cannot go back. */
  void stays(String position, String why) {
    stayed++;
    if (reasons.size() < REASONS) {
      reasons.add(new ReplayReport.Stayed(position, why));
    }
  }

  /** Returns whether there was no room for a row. */
  boolean hasMore() {
    return more;
  }

  /** Returns the records of the rows taken. */
  List<ReplayRecord> records(String author, String at) {
    List<ReplayRecord> records = new ArrayList<>();
    long number = history.next();
    for (Batch batch : batches) {
      Destination to = batch.destination;
      records.add(
          new ReplayRecord(
              number++,
              false,
              to.source(),
              to.partition(),
              to.arrivalMicros(),
              batch.positions,
              batch.rows,
              batch.mended,
              author,
              at));
    }
    return records;
  }

  ReplayReport report(long finished) {
    return new ReplayReport(
        pipeline.tenant(), pipeline.name(), replayed, already, finished, stayed, reasons, more);
  }
}
