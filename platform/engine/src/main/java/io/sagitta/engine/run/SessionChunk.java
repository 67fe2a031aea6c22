package io.sagitta.engine.run;

import io.sagitta.engine.codec.Gather;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one input in order of arrival, each with the session it belongs to while that is open.
 */
final class SessionChunk implements Comparable<SessionChunk>, AutoCloseable {
  private final int number;
  private final String input;
  private final Chunk chunk;
  private @Nullable Session[] owners = new Session[64];
  private long[] steps = new long[64];
  private int count;
  private int live;
  private int firstLive;

  /** Makes an empty chunk for rows of {@code input}; no other chunk has its {@code number}. */
  SessionChunk(int number, String input, Schema schema, BufferAllocator allocator) {
    this.number = number;
    this.input = input;
    this.chunk = new Chunk(schema, allocator);
  }

  int number() {
    return number;
  }

  String input() {
    return input;
  }

  Chunk chunk() {
    return chunk;
  }

  /**
   * Adds rows.
   *
   * @param sessions by row
   * @param step the first ordinal of the step that brings them
   */
  void append(VectorSchemaRoot rows, List<Session> sessions, long step) {
    chunk.append(rows);
    int needed = count + sessions.size();
    if (needed > owners.length) {
      owners = Arrays.copyOf(owners, Math.max(needed, owners.length * 2));
      steps = Arrays.copyOf(steps, owners.length);
    }
    for (Session session : sessions) {
      owners[count] = session;
      steps[count++] = step;
      session.whole().isIn(this);
    }
    live += sessions.size();
  }

  boolean isDead() {
    return live == 0;
  }

  /** Returns from which arrival on its rows of open sessions can be made again. */
  long oldestNeeded() {
    while (firstLive < count && owners[firstLive] == null) {
      firstLive++;
    }
    return firstLive < count ? steps[firstLive] : Long.MAX_VALUE;
  }

  /**
   * Returns the rows of the sessions for which {@code windows} has one, with their windows.
   *
   * @param fed the columns wanted: its own, then start and end of the window
   */
  VectorSchemaRoot take(
      Schema fed, Function<Session, @Nullable Span> windows, BufferAllocator allocator) {
    int[] rows = new int[count];
    Span[] spans = new Span[count];
    int taken = 0;
    for (int i = 0; i < count; i++) {
      Session owner = owners[i];
      Span span = owner == null ? null : windows.apply(owner.whole());
      if (span != null) {
        spans[taken] = span;
        rows[taken++] = i;
        owners[i] = null;
      }
    }
    live -= taken;
    try (VectorSchemaRoot all = chunk.load()) {
      VectorSchemaRoot chosen = Gather.rows(all, rows, taken, allocator);
      List<FieldVector> columns = new ArrayList<>(chosen.getFieldVectors());
      int own = columns.size();
      TimeStampMicroTZVector starts =
          new TimeStampMicroTZVector(fed.getFields().get(own), allocator);
      TimeStampMicroTZVector ends =
          new TimeStampMicroTZVector(fed.getFields().get(own + 1), allocator);
      for (int i = 0; i < taken; i++) {
        starts.setSafe(i, spans[i].start());
        ends.setSafe(i, spans[i].end());
      }
      starts.setValueCount(taken);
      ends.setValueCount(taken);
      columns.add(starts);
      columns.add(ends);
      return new VectorSchemaRoot(fed, columns, taken);
    }
  }

  @Override
  public int compareTo(SessionChunk other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public void close() {
    chunk.close();
  }
}
