package io.sagitta.engine.run;

import io.sagitta.definition.SqlStage;
import io.sagitta.engine.Arrival;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.run.Ledger.Figure;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * The head of a stage whose one window is its whole input.
 *
 * <p>The window closes when every upstream task has ended, also if no row came: then the query runs
 * once, over all rows. It starts at their least event time and ends just behind the greatest, since
 * a window's end is exclusive; rows without one are in it too. Nobody downstream hears of progress
 * before, as nothing comes before.
 */
final class WholeInputHead implements Head {
  private final TaskScope scope;
  private final String stage;
  private final Upstreams upstreams;
  private final Ledger ledger;
  private final WindowQuery query;
  private final HeldRows held = new HeldRows();
  private final BufferAllocator allocator;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;
  private long step;
  private long oldest = Long.MAX_VALUE;
  private long spilled;
  private boolean closed;

  WholeInputHead(TaskScope scope, SqlStage definition, Upstreams upstreams) {
    this.scope = scope;
    this.stage = scope.head();
    this.upstreams = upstreams;
    this.ledger = scope.ledger();
    this.query = new WindowQuery(scope.session(), scope.plan(), stage, definition, true);
    this.allocator =
        scope.allocator().newChildAllocator("whole input of " + scope.task(), 0, Long.MAX_VALUE);
  }

  @Override
  public void begin(long first) {
    step = first;
  }

  @Override
  public void rows(Arrival.Rows arrival) {
    if (closed) {
      throw new IllegalStateException("Stage " + stage + " gets rows behind the end of its input");
    }
    String input = arrival.input();
    try (VectorSchemaRoot rows = query.stored(input, arrival.rows(), scope.plan().schema(input))) {
      if (rows.getRowCount() > 0) {
        see(Times.of(rows));
        held.append(input, rows, allocator);
        oldest = Math.min(oldest, step);
        ledger.add(stage, Figure.IN, rows.getRowCount());
        ledger.add(stage, Figure.HELD, rows.getRowCount());
        spill();
      }
    }
    arrival.progress().ifPresent(progress -> upstreams.update(arrival.upstream(), progress));
  }

  private void see(TimeStampMicroTZVector times) {
    for (int i = 0; i < times.getValueCount(); i++) {
      if (!times.isNull(i)) {
        least = Math.min(least, times.get(i));
        greatest = Math.max(greatest, times.get(i));
      }
    }
  }

  private void spill() {
    if (allocator.getAllocatedMemory() > scope.limits().windowBytes()) {
      for (Chunk chunk : held.inMemory()) {
        chunk.spill(scope.limits().spill().resolve("whole-" + spilled++ + ".arrow"));
      }
    }
  }

  @Override
  public void signal(Arrival.Signal signal) {
    upstreams.update(signal.upstream(), signal.progress());
  }

  @Override
  public List<VectorSchemaRoot> end() {
    if (closed || upstreams.activity() != Activity.ENDED) {
      return List.of();
    }
    closed = true;
    oldest = Long.MAX_VALUE;
    Optional<Span> window = window();
    upstreams.advance(window.map(Span::end).orElse(Long.MIN_VALUE));
    List<VectorSchemaRoot> made =
        run(window).stream().map(rows -> query.complete(rows, window)).toList();
    ledger.add(stage, Figure.FILTERED, held.rows());
    ledger.add(stage, Figure.HELD, -held.rows());
    ledger.add(stage, Figure.OUT, Batches.rows(made));
    held.close();
    return made;
  }

  private List<VectorSchemaRoot> run(Optional<Span> window) {
    try {
      return query.run(feeds(window));
    } catch (ValueError e) {
      throw new EngineException(
          stage, "its query fails on the rows of its whole input: " + e.told(), e);
    }
  }

  private Optional<Span> window() {
    return least > greatest
        ? Optional.empty()
        : Optional.of(new Span(least, Times.plus(greatest, 1)));
  }

  private Map<String, RowFeed> feeds(Optional<Span> window) {
    Map<String, RowFeed> feeds = new HashMap<>();
    for (String input : query.inputs()) {
      List<WindowFeed.Part> parts =
          held.chunks(input).stream().map(chunk -> new WindowFeed.Part(window, chunk)).toList();
      feeds.put(input, new WindowFeed(query.fed(input), parts, scope.allocator()));
    }
    return feeds;
  }

  @Override
  public Progress progress() {
    return closed ? upstreams.progress() : Progress.NONE;
  }

  @Override
  public long oldestNeeded() {
    return oldest;
  }

  @Override
  public Map<String, Progress> upstreams() {
    return upstreams.snapshot();
  }

  @Override
  public void restore(Map<String, Progress> snapshot) {
    upstreams.restore(snapshot);
    closed = upstreams.activity() == Activity.ENDED;
  }

  @Override
  public void close() {
    held.close();
    allocator.close();
  }
}
