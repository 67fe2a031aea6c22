package io.sagitta.node.task;

import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Header;
import io.sagitta.transport.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a gateway publishes into one partition of a source: rows of few places and minutes, so that
 * keys repeat and times meet boundaries; some without values, some unreadable; news of idleness.
 */
final class Feed {
  private static final long MINUTE = 60_000_000L;
  private static final long START = Rows.micros("2021-03-13T22:00:00Z");

  /** So that a row's number is a bit of a sum, with four feeds. */
  private static final int MOST_ROWS = 15;

  private final String source;
  private final int partition;
  private final Schema schema;
  private final MemoryTopic topic;
  private final Chance chance;
  private final int firstNumber;
  private final boolean late;
  private long now = START;
  private long watermark = Long.MIN_VALUE;
  private int messages;
  private int rows;

  /**
   * Creates one.
   *
   * @param number of the feed, from 0 on
   * @param late whether rows may be later than the source allows, and idleness be told
   */
  Feed(TaskSpec task, MemoryTopic topic, int number, boolean late, Chance chance) {
    this.source = task.chain().name();
    this.partition = task.id().partition();
    this.schema =
        WireSchemas.of(
            Objects.requireNonNull(task.plan().definition().spec().sources().get(source)));
    this.topic = topic;
    this.firstNumber = number * MOST_ROWS;
    this.late = late;
    this.chance = chance;
    this.messages = 2 + chance.below(6);
  }

  boolean hasMore() {
    return messages > 0;
  }

  /** Publishes the next message. */
  void publish(BufferAllocator allocator) {
    messages--;
    int kind = chance.below(12);
    if (kind == 0) {
      rejected(allocator);
    } else if (kind == 1) {
      idle(allocator);
    } else {
      rows(allocator);
    }
  }

  private void rows(BufferAllocator allocator) {
    now += chance.below(25) * MINUTE;
    List<Map<String, String>> rows = new ArrayList<>();
    for (int count = chance.below(5); count > 0 && this.rows < MOST_ROWS; count--) {
      rows.add(row());
    }
    watermark = Math.max(watermark, now - 10 * MINUTE);
    try (VectorSchemaRoot batch = Rows.batch(schema, rows, allocator)) {
      topic.publish(
          Header.of(Header.Kind.ROWS, "gateway", source, rows.size(), Optional.empty()),
          IpcCodec.encode(batch));
    }
  }

  private Map<String, String> row() {
    long time = now - chance.below(11) * MINUTE - chance.below(2);
    if (late && chance.oneIn(4)) {
      time -= chance.below(90) * MINUTE;
    } else {
      time = Math.max(time, watermark);
    }
    Map<String, String> row = new HashMap<>();
    int seq = firstNumber + rows++;
    row.put("seq", "" + seq);
    row.put("bit", "" + (1L << seq));
    row.put("date", chance.oneIn(15) ? Rows.NULL : "" + time);
    // As the source is keyed, a place belongs to one partition.
    int place = chance.below(3) * 2 + partition;
    row.put("origin", place == 0 && chance.oneIn(2) ? Rows.NULL : "A" + place);
    row.put("delay", chance.oneIn(6) ? Rows.NULL : "" + chance.below(2));
    return row;
  }

  private void rejected(BufferAllocator allocator) {
    Map<String, String> reject =
        Map.of(
            Quarantine.STAGE,
            source,
            Quarantine.REASON,
            "unreadable",
            Quarantine.ROW,
            "{\"seq\":" + (1000 + 100 * partition + messages) + "}");
    try (VectorSchemaRoot batch = Rows.batch(Quarantine.SCHEMA, List.of(reject), allocator)) {
      topic.publish(
          Header.of(Header.Kind.REJECTS, "gateway", source, 1, Optional.empty()),
          IpcCodec.encode(batch));
    }
  }

  /** Says that the source is idle; in vain, if a message came between. */
  private void idle(BufferAllocator allocator) {
    Position last = topic.last().orElse(StepInput.NOTHING);
    boolean stale = !late || chance.oneIn(2);
    if (stale) {
      rows(allocator);
    }
    signal(Activity.IDLE, Map.of(StepInput.AFTER, last.toString()));
  }

  /** Says that no more comes. */
  void end() {
    signal(Activity.ENDED, Map.of());
  }

  private void signal(Activity activity, Map<String, String> extra) {
    topic.publish(
        new Header(
            Header.Kind.SIGNAL,
            "gateway",
            source,
            0,
            Optional.of(new Progress(Long.MIN_VALUE, Long.MIN_VALUE, activity)),
            extra),
        ByteBuffer.allocate(0));
  }
}
