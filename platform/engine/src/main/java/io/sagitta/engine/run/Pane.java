package io.sagitta.engine.run;

import io.sagitta.engine.run.WindowSpans.Span;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Rows whose event times lie in one pane, by input and in order of arrival. */
final class Pane implements AutoCloseable {
  private final long start;
  private final long end;
  private final List<Span> windows;
  private final long oldest;
  private final HeldRows held = new HeldRows();

  /**
   * Makes an empty pane.
   *
   * @param oldest ordinal from which arrivals are needed to make it again
   */
  Pane(WindowSpans spans, long start, long oldest) {
    this.start = start;
    this.end = spans.paneEnd(start);
    this.windows = spans.windowsOf(start).stream().sorted(Comparator.naturalOrder()).toList();
    this.oldest = oldest;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  long oldest() {
    return oldest;
  }

  long rows() {
    return held.rows();
  }

  /** Returns the windows it belongs to, as they close. */
  List<Span> windows() {
    return windows;
  }

  /** Returns the end of the last window it belongs to. */
  long lastEnd() {
    return windows.isEmpty() ? Long.MIN_VALUE : windows.get(windows.size() - 1).end();
  }

  void append(String input, VectorSchemaRoot more, BufferAllocator allocator) {
    held.append(input, more, allocator);
  }

  List<Chunk> chunks(String input) {
    return held.chunks(input);
  }

  /** Returns the chunks of all inputs that are in memory. */
  List<Chunk> inMemory() {
    return held.inMemory();
  }

  @Override
  public void close() {
    held.close();
  }
}
