package io.sagitta.engine.run;

import io.sagitta.definition.Window;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Which windows an instant belongs to. Time is cut into panes, the largest pieces that no window
 * divides; a window is a run of panes.
 */
final class WindowSpans {
  private final Alignment panes;
  private final Alignment starts;
  private final int panesInWindow;

  /** A window, in microseconds since 1970; the end is exclusive. */
  record Span(long start, long end) implements Comparable<Span> {
    /** Orders windows as they close. */
    @Override
    public int compareTo(Span other) {
      int byEnd = Long.compare(end, other.end);
      return byEnd != 0 ? byEnd : Long.compare(start, other.start);
    }
  }

  private WindowSpans(Alignment panes, Alignment starts, int panesInWindow) {
    this.panes = panes;
    this.starts = starts;
    this.panesInWindow = panesInWindow;
  }

  static WindowSpans of(Window.Tumbling window) {
    Alignment panes = new Alignment(window.size(), window.timezone());
    return new WindowSpans(panes, panes, 1);
  }

  static WindowSpans of(Window.Sliding window) {
    long size = Times.micros(window.size());
    long pane =
        BigInteger.valueOf(size).gcd(BigInteger.valueOf(Times.micros(window.every()))).longValue();
    return new WindowSpans(
        new Alignment(Duration.ofNanos(Math.multiplyExact(pane, 1_000L)), window.timezone()),
        new Alignment(window.every(), window.timezone()),
        Math.toIntExact(size / pane));
  }

  /** Returns the start of the pane that {@code micros} belongs to. */
  long paneStart(long micros) {
    return panes.start(micros);
  }

  long paneEnd(long paneStart) {
    return panes.end(paneStart);
  }

  /** Whether a window is more than one pane, so that panes are read again. */
  boolean overlap() {
    return panesInWindow > 1;
  }

  /** Returns the windows that the pane belongs to, latest first. */
  List<Span> windowsOf(long paneStart) {
    List<Span> windows = new ArrayList<>();
    long start = starts.start(paneStart);
    Span window = window(start);
    while (window.end() > paneStart) {
      windows.add(window);
      start = starts.start(start - 1);
      window = window(start);
    }
    return windows;
  }

  /** Returns the end of the last window that {@code micros} belongs to. */
  long lastEnd(long micros) {
    if (micros == Long.MIN_VALUE) {
      return micros;
    }
    List<Span> windows = windowsOf(paneStart(micros));
    return windows.isEmpty() ? micros : windows.get(0).end();
  }

  private Span window(long start) {
    long end = start;
    for (int i = 0; i < panesInWindow; i++) {
      end = panes.end(end);
    }
    return new Span(start, end);
  }
}
