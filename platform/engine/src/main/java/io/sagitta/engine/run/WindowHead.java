package io.sagitta.engine.run;

import io.sagitta.definition.SqlStage;
import io.sagitta.engine.Arrival;
import io.sagitta.engine.Progress;
import io.sagitta.engine.run.Ledger.Figure;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * The head of a stage with tumbling or sliding windows.
 *
 * <p>A window closes with the message that moves the watermark to its end, and its query runs at
 * the end of the step, together with the step's others. That is the same as running it at once,
 * since later rows of its panes are late; only where panes are shared by windows, the closed ones
 * run before further rows come in.
 */
final class WindowHead implements Head {
  /** How many rows of closed windows run in one call, so that results stay bounded. */
  private static final long ROWS_PER_CALL = 1 << 20;

  private final TaskScope scope;
  private final String stage;
  private final Upstreams upstreams;
  private final Ledger ledger;
  private final Arrears arrears;
  private final PaneStore store;
  private final WindowSpans spans;
  private final WindowQuery query;
  private final FailedWindows failed;
  private final TreeSet<Span> closed = new TreeSet<>();
  private final List<VectorSchemaRoot> results = new ArrayList<>();
  private long step;

  WindowHead(TaskScope scope, SqlStage definition, WindowSpans spans, Upstreams upstreams) {
    this.scope = scope;
    this.stage = scope.head();
    this.upstreams = upstreams;
    this.ledger = scope.ledger();
    this.arrears = scope.arrears();
    this.query = new WindowQuery(scope.session(), scope.plan(), stage, definition, true);
    this.failed =
        new FailedWindows(query, scope, (micros, window) -> spans.lastEnd(micros) <= window.end());
    this.spans = spans;
    this.store = new PaneStore(spans, scope.limits(), scope.allocator(), scope.task());
  }

  @Override
  public void begin(long first) {
    step = first;
  }

  @Override
  public void rows(Arrival.Rows arrival) {
    if (spans.overlap()) {
      fire();
    }
    String input = arrival.input();
    try (VectorSchemaRoot rows = query.stored(input, arrival.rows(), scope.plan().schema(input))) {
      ledger.add(stage, Figure.IN, rows.getRowCount());
      for (Map.Entry<Pane, Selection> chosen : byPane(rows).entrySet()) {
        try (VectorSchemaRoot part = chosen.getValue().of(rows, scope.allocator())) {
          store.append(chosen.getKey(), input, part);
          ledger.add(stage, Figure.HELD, part.getRowCount());
        }
      }
    }
    arrival.progress().ifPresent(progress -> upstreams.update(arrival.upstream(), progress));
    advance();
  }

  private Map<Pane, Selection> byPane(VectorSchemaRoot rows) {
    TimeStampMicroTZVector times = Times.of(rows);
    long watermark = upstreams.watermark();
    Map<Pane, Selection> byPane = new LinkedHashMap<>();
    NavigableMap<Long, Pane> touched = new TreeMap<>();
    @Nullable Pane pane = null;
    @Nullable Selection selection = null;
    for (int i = 0; i < rows.getRowCount(); i++) {
      if (times.isNull(i)) {
        arrears.timeless(rows, i);
        continue;
      }
      long micros = times.get(i);
      upstreams.see(micros);
      if (pane == null || micros < pane.start() || micros >= pane.end()) {
        pane = paneOf(micros, touched);
        selection = null;
      }
      if (pane.windows().isEmpty()) {
        ledger.add(stage, Figure.FILTERED, 1);
      } else if (pane.lastEnd() <= watermark) {
        arrears.late(rows, i, watermark);
      } else {
        if (selection == null) {
          selection = byPane.computeIfAbsent(pane, p -> new Selection());
        }
        selection.add(i);
      }
    }
    return byPane;
  }

  private Pane paneOf(long micros, NavigableMap<Long, Pane> touched) {
    Map.Entry<Long, Pane> entry = touched.floorEntry(micros);
    if (entry != null && micros < entry.getValue().end()) {
      return entry.getValue();
    }
    Pane pane = store.at(micros, step);
    touched.put(pane.start(), pane);
    return pane;
  }

  @Override
  public void signal(Arrival.Signal signal) {
    upstreams.update(signal.upstream(), signal.progress());
    advance();
  }

  private void advance() {
    long before = upstreams.watermark();
    if (upstreams.advance(spans.lastEnd(upstreams.seen()))) {
      closed.addAll(store.closing(before, upstreams.watermark()));
    }
  }

  @Override
  public List<VectorSchemaRoot> end() {
    fire();
    List<VectorSchemaRoot> made = List.copyOf(results);
    results.clear();
    ledger.add(stage, Figure.OUT, Batches.rows(made));
    return made;
  }

  /** Runs the query of the closed windows, in the order in which they close. */
  private void fire() {
    List<Span> call = new ArrayList<>();
    long rows = 0;
    for (Span window : closed) {
      call.add(window);
      rows += store.of(window).stream().mapToLong(Pane::rows).sum();
      if (!query.merges() || rows >= ROWS_PER_CALL) {
        run(call);
        call.clear();
        rows = 0;
      }
    }
    if (!call.isEmpty()) {
      run(call);
    }
    closed.clear();
    long done = store.forget(upstreams.watermark());
    ledger.add(stage, Figure.FILTERED, done);
    ledger.add(stage, Figure.HELD, -done);
  }

  private void run(List<Span> windows) {
    for (VectorSchemaRoot made : made(windows)) {
      results.add(
          query.merges()
              ? query.complete(made)
              : query.complete(made, Optional.of(windows.get(0))));
    }
  }

  private List<VectorSchemaRoot> made(List<Span> windows) {
    try {
      return query.run(feeds(windows));
    } catch (ValueError e) {
      Map<String, List<VectorSchemaRoot>> rows = new HashMap<>();
      try {
        feeds(windows).forEach((input, feed) -> rows.put(input, Batches.all(feed, allocator())));
        return failed.run(rows);
      } finally {
        rows.values().forEach(Batches::close);
      }
    }
  }

  private BufferAllocator allocator() {
    return scope.allocator();
  }

  private Map<String, RowFeed> feeds(List<Span> windows) {
    Map<String, RowFeed> feeds = new HashMap<>();
    for (String input : query.inputs()) {
      List<WindowFeed.Part> parts = new ArrayList<>();
      for (Span window : windows) {
        for (Pane pane : store.of(window)) {
          pane.chunks(input)
              .forEach(chunk -> parts.add(new WindowFeed.Part(Optional.of(window), chunk)));
        }
      }
      feeds.put(input, new WindowFeed(query.fed(input), parts, allocator()));
    }
    return feeds;
  }

  @Override
  public Progress progress() {
    return upstreams.progress();
  }

  @Override
  public long oldestNeeded() {
    return store.oldestNeeded();
  }

  @Override
  public Map<String, Progress> upstreams() {
    return upstreams.snapshot();
  }

  @Override
  public void restore(Map<String, Progress> snapshot) {
    upstreams.restore(snapshot);
  }

  @Override
  public void close() {
    Batches.close(results);
    results.clear();
    store.close();
  }
}
