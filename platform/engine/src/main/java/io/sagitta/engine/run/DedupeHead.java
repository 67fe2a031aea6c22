package io.sagitta.engine.run;

import io.sagitta.definition.DedupeStage;
import io.sagitta.engine.Arrival;
import io.sagitta.engine.Progress;
import io.sagitta.engine.codec.KeyHash;
import io.sagitta.engine.run.Ledger.Figure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The head of a dedupe stage: of rows with one key it passes the first.
 *
 * <p>With W the watermark before a row's message: a row is late if its event time is W − within or
 * less, and a key is forgotten once the greatest event time of its rows is. So a row that is not
 * late never meets a key that was forgotten too early, and what a step makes follows from the
 * arrivals whose rows are still remembered, whatever came before them.
 */
final class DedupeHead implements Head {
  private final TaskScope scope;
  private final String stage;
  private final List<String> key;
  private final Schema schema;
  private final long withinMicros;
  private final Upstreams upstreams;
  private final Arrears arrears;
  private final KeyTimes keys = new KeyTimes();
  private final Deque<Step> remembered = new ArrayDeque<>();
  private final List<VectorSchemaRoot> passed = new ArrayList<>();
  private long step;
  private long newestOfStep;

  /** A step's first ordinal, and the greatest event time of the rows it remembered. */
  private record Step(long first, long newest) {}

  DedupeHead(TaskScope scope, DedupeStage definition, Upstreams upstreams) {
    this.scope = scope;
    this.stage = scope.head();
    this.key = definition.key();
    this.schema = scope.plan().schema(stage);
    this.withinMicros = Times.micros(definition.within());
    this.upstreams = upstreams;
    this.arrears = scope.arrears();
  }

  @Override
  public void begin(long first) {
    step = first;
    newestOfStep = Long.MIN_VALUE;
  }

  @Override
  public void rows(Arrival.Rows arrival) {
    try (VectorSchemaRoot rows = Batches.adopt(stage, arrival.rows(), schema, scope.allocator())) {
      scope.ledger().add(stage, Figure.IN, rows.getRowCount());
      upstreams.see(Times.max(rows));
      Selection first = firstOfKeys(rows);
      if (first.count() > 0) {
        passed.add(first.of(rows, scope.allocator()));
      }
    }
    arrival.progress().ifPresent(progress -> upstreams.update(arrival.upstream(), progress));
    advance();
  }

  private Selection firstOfKeys(VectorSchemaRoot rows) {
    TimeStampMicroTZVector times = Times.of(rows);
    KeyHash.Hashes128 hashes = KeyHash.hash128(rows, key);
    long watermark = upstreams.watermark();
    long forgotten = Times.plus(watermark, -withinMicros);
    Selection first = new Selection();
    int duplicates = 0;
    for (int i = 0; i < rows.getRowCount(); i++) {
      if (times.isNull(i)) {
        arrears.timeless(rows, i);
      } else if (times.get(i) <= forgotten) {
        arrears.late(rows, i, watermark);
      } else {
        newestOfStep = Math.max(newestOfStep, times.get(i));
        if (keys.see(hashes.high()[i], hashes.low()[i], times.get(i), forgotten)) {
          first.add(i);
        } else {
          duplicates++;
        }
      }
    }
    scope.ledger().add(stage, Figure.DUPLICATES, duplicates);
    if (keys.bytes() > scope.limits().windowBytes()) {
      throw new EngineException(
          stage,
          "it remembers %d keys in %d bytes, of %d allowed. Lower its 'within', raise the node's window memory or the tenant's quota.memory, or raise parallelism."
              .formatted(keys.taken(), keys.bytes(), scope.limits().windowBytes()));
    }
    return first;
  }

  @Override
  public void signal(Arrival.Signal signal) {
    upstreams.update(signal.upstream(), signal.progress());
    advance();
  }

  /** If nobody is to be waited for, the watermark goes to the newest row that came. */
  private void advance() {
    upstreams.advance(upstreams.seen());
  }

  @Override
  public List<VectorSchemaRoot> end() {
    if (newestOfStep > Long.MIN_VALUE) {
      remembered.addLast(new Step(step, newestOfStep));
    }
    long forgotten = Times.plus(upstreams.watermark(), -withinMicros);
    while (!remembered.isEmpty() && remembered.peekFirst().newest() <= forgotten) {
      remembered.removeFirst();
    }
    List<VectorSchemaRoot> made = List.copyOf(passed);
    passed.clear();
    scope.ledger().add(stage, Figure.OUT, Batches.rows(made));
    return made;
  }

  @Override
  public Progress progress() {
    return upstreams.progress();
  }

  @Override
  public long oldestNeeded() {
    return remembered.isEmpty() ? Long.MAX_VALUE : remembered.peekFirst().first();
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
    Batches.close(passed);
    passed.clear();
  }
}
