package io.sagitta.engine.run;

import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Window;
import io.sagitta.engine.Arrival;
import io.sagitta.engine.Progress;
import io.sagitta.engine.codec.KeyHash;
import io.sagitta.engine.run.Ledger.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * The head of a stage with session windows.
 *
 * <p>A row belongs to the sessions of its key that it is less than the gap away from, which become
 * one. A session closes when the watermark reaches its last row plus the gap. A row is late if it
 * reaches no open session and its own would be closed.
 */
final class SessionHead implements Head {
  private final TaskScope scope;
  private final String stage;
  private final List<String> key;
  private final long gap;
  private final Upstreams upstreams;
  private final Ledger ledger;
  private final Arrears arrears;
  private final SessionStore store;
  private final SessionCalls calls;
  private final WindowQuery query;
  private final List<Session> closed = new ArrayList<>();
  private final List<VectorSchemaRoot> results = new ArrayList<>();
  private long step;

  SessionHead(TaskScope scope, SqlStage definition, Window.Session window, Upstreams upstreams) {
    this.gap = Times.micros(window.gap());
    this.scope = scope;
    this.stage = scope.head();
    this.key = definition.key();
    this.upstreams = upstreams;
    this.ledger = scope.ledger();
    this.arrears = scope.arrears();
    this.query = new WindowQuery(scope.session(), scope.plan(), stage, definition, false);
    this.store = new SessionStore(gap, scope.limits(), scope.allocator(), scope.task());
    this.calls = new SessionCalls(query, key, gap, scope);
  }

  @Override
  public void begin(long first) {
    step = first;
  }

  @Override
  public void rows(Arrival.Rows arrival) {
    try (VectorSchemaRoot rows =
        query.stored(arrival.input(), arrival.rows(), scope.plan().schema(arrival.input()))) {
      ledger.add(stage, Figure.IN, rows.getRowCount());
      Selection taken = new Selection();
      List<Session> sessions = enter(rows, taken);
      if (taken.count() > 0) {
        try (VectorSchemaRoot part = taken.of(rows, scope.allocator())) {
          store.append(arrival.input(), part, sessions, step);
        }
        ledger.add(stage, Figure.HELD, taken.count());
      }
    }
    arrival.progress().ifPresent(progress -> upstreams.update(arrival.upstream(), progress));
    advance();
  }

  private List<Session> enter(VectorSchemaRoot rows, Selection taken) {
    TimeStampMicroTZVector times = Times.of(rows);
    KeyHash.Hashes128 hashes = KeyHash.hash128(rows, key);
    long watermark = upstreams.watermark();
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < rows.getRowCount(); i++) {
      if (times.isNull(i)) {
        arrears.timeless(rows, i);
        continue;
      }
      upstreams.see(times.get(i));
      Session.Key of = new Session.Key(hashes.high()[i], hashes.low()[i]);
      if (store.isOpen(of, times.get(i), watermark)) {
        sessions.add(store.enter(of, times.get(i)));
        taken.add(i);
      } else {
        arrears.late(rows, i, watermark);
      }
    }
    return sessions;
  }

  @Override
  public void signal(Arrival.Signal signal) {
    upstreams.update(signal.upstream(), signal.progress());
    advance();
  }

  private void advance() {
    long seen = upstreams.seen();
    if (upstreams.advance(seen == Long.MIN_VALUE ? seen : Times.plus(seen, gap))) {
      closed.addAll(store.close(upstreams.watermark()));
    }
  }

  @Override
  public List<VectorSchemaRoot> end() {
    if (!closed.isEmpty()) {
      long rows = calls.run(closed, results);
      closed.forEach(session -> store.sweep(session.chunks()));
      ledger.add(stage, Figure.FILTERED, rows);
      ledger.add(stage, Figure.HELD, -rows);
      closed.clear();
    }
    List<VectorSchemaRoot> made = List.copyOf(results);
    results.clear();
    ledger.add(stage, Figure.OUT, Batches.rows(made));
    return made;
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
