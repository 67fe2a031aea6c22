package io.sagitta.engine.run;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Progress;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.StepResult.Emission;
import io.sagitta.engine.Tap;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.run.Ledger.Figure;
import java.util.List;
import java.util.Map;

/**
 * Runs one task: its head, then the row-local stages behind it. After a failure it is of no use.
 */
final class ChainRunner implements TaskRunner {
  private final Head head;
  private final RowLocalStages rowLocal;
  private final DuckSession session;
  private final Ledger ledger;
  private final QuarantineBuffer quarantine;
  private Tap tap = Tap.NONE;
  private boolean failed;
  private boolean closed;

  ChainRunner(TaskScope scope, Head head, RowLocalStages rowLocal) {
    this.head = head;
    this.rowLocal = rowLocal;
    this.session = scope.session();
    this.ledger = scope.ledger();
    this.quarantine = scope.quarantine();
  }

  @Override
  public void restore(Map<String, Progress> upstreams) {
    head.restore(upstreams);
  }

  @Override
  public Map<String, Progress> upstreams() {
    return head.upstreams();
  }

  @Override
  public void replace(String table, byte[] rows) {
    session.replace(table, rows);
  }

  @Override
  public StepResult step(List<Arrival> arrivals) {
    if (failed || closed) {
      throw new IllegalStateException("A runner that failed or was closed takes no more steps");
    }
    failed = true; // until proven otherwise
    try {
      head.begin(arrivals.isEmpty() ? Long.MAX_VALUE : arrivals.get(0).ordinal());
      arrivals.forEach(this::take);
      List<Emission> emissions = rowLocal.run(head.end(), ledger, quarantine, tap);
      failed = false;
      return new StepResult(
          emissions, quarantine.take(), ledger.take(), head.progress(), head.oldestNeeded());
    } finally {
      arrivals.forEach(ChainRunner::close);
    }
  }

  @Override
  public void tap(Tap tap) {
    this.tap = tap;
  }

  @Override
  public void interrupt() {
    session.interrupt();
  }

  private void take(Arrival arrival) {
    if (arrival instanceof Arrival.Rows rows) {
      head.rows(rows);
    } else if (arrival instanceof Arrival.Signal signal) {
      head.signal(signal);
    } else if (arrival instanceof Arrival.Rejected rejected) {
      int count = rejected.rejects().getRowCount();
      ledger.add(rejected.input(), Figure.IN, count);
      ledger.add(rejected.input(), Figure.QUARANTINED, count);
      quarantine.addAll(rejected.rejects());
    }
  }

  private static void close(Arrival arrival) {
    if (arrival instanceof Arrival.Rows rows) {
      rows.rows().close();
    } else if (arrival instanceof Arrival.Rejected rejected) {
      rejected.rejects().close();
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      quarantine.close();
      try {
        head.close();
      } finally {
        session.close();
      }
    }
  }
}
