package io.sagitta.engine.run;

import io.sagitta.engine.Engine.Limits;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Rows of open windows, in memory up to a bound and beyond it in files: the panes that close last
 * go first.
 */
final class PaneStore implements AutoCloseable {
  private final WindowSpans spans;
  private final Limits limits;
  private final BufferAllocator allocator;
  private final NavigableMap<Long, Pane> panes = new TreeMap<>();
  private long spilled;

  PaneStore(WindowSpans spans, Limits limits, BufferAllocator parent, String task) {
    this.spans = spans;
    this.limits = limits;
    this.allocator = parent.newChildAllocator("windows of " + task, 0, Long.MAX_VALUE);
  }

  /** Returns the pane of {@code micros}; one that is not stored has no rows. */
  Pane at(long micros, long oldest) {
    var entry = panes.floorEntry(micros);
    return entry != null && micros < entry.getValue().end()
        ? entry.getValue()
        : new Pane(spans, spans.paneStart(micros), oldest);
  }

  /** Copies rows, which stay the caller's, to the end of {@code pane}. */
  void append(Pane pane, String input, VectorSchemaRoot rows) {
    panes.putIfAbsent(pane.start(), pane);
    pane.append(input, rows, allocator);
    if (allocator.getAllocatedMemory() > limits.windowBytes()) {
      spill();
    }
  }

  private void spill() {
    for (Pane pane : panes.descendingMap().values()) {
      for (Chunk chunk : pane.inMemory()) {
        chunk.spill(limits.spill().resolve("chunk-" + spilled++ + ".arrow"));
        if (allocator.getAllocatedMemory() <= limits.windowBytes()) {
          return;
        }
      }
    }
  }

  /** Returns windows that hold rows and end after {@code after} and not after {@code until}. */
  SortedSet<Span> closing(long after, long until) {
    SortedSet<Span> closing = new TreeSet<>();
    for (Pane pane : panes.values()) {
      boolean open = true;
      for (Span window : pane.windows()) {
        open &= window.end() > until;
        if (window.end() > after && window.end() <= until) {
          closing.add(window);
        }
      }
      if (open) {
        break; // later panes belong to later windows
      }
    }
    return closing;
  }

  /** Returns the panes of a window that hold rows, in order of time. */
  Collection<Pane> of(Span window) {
    return panes.subMap(window.start(), window.end()).values();
  }

  /** Forgets the panes that no window after {@code watermark} needs; returns their rows. */
  long forget(long watermark) {
    long rows = 0;
    while (!panes.isEmpty() && panes.firstEntry().getValue().lastEnd() <= watermark) {
      try (Pane pane = panes.pollFirstEntry().getValue()) {
        rows += pane.rows();
      }
    }
    return rows;
  }

  /** Returns from which arrival on the panes can be made again. */
  long oldestNeeded() {
    return panes.values().stream().mapToLong(Pane::oldest).min().orElse(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    panes.values().forEach(Pane::close);
    panes.clear();
    allocator.close();
  }
}
