package io.sagitta.engine.run;

import io.sagitta.engine.Plan;
import io.sagitta.engine.Tap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Shows rows of a chain's stages to a tap. Those that a step has at hand are shown as they are. A
 * stage fused with the ones behind it has none, so its part of the query runs once more, over a few
 * rows of the step, with a ledger and a quarantine that nobody reads.
 */
final class Samples {
  /** Rows that a fused stage is run over. Below this a call costs what it costs for one row. */
  static final int ROWS = 2_000;

  private final DuckSession session;
  private final Plan plan;
  private final String head;
  private final Map<String, String> inputs;
  private final boolean inOrder;
  private final Map<String, Segment> fused = new HashMap<>();

  /**
   * Creates one for the chain behind {@code head}.
   *
   * @param inputs by row-local stage
   */
  Samples(
      DuckSession session, Plan plan, String head, Map<String, String> inputs, boolean inOrder) {
    this.session = session;
    this.plan = plan;
    this.head = head;
    this.inputs = Map.copyOf(inputs);
    this.inOrder = inOrder;
  }

  /**
   * Shows what {@code tap} wants.
   *
   * @param rows of a step, by stage, as far as they are at hand; they stay the caller's
   */
  void show(Tap tap, Map<String, List<VectorSchemaRoot>> rows) {
    Set<String> wanted = tap.wanted();
    for (String stage : wanted) {
      if (rows.containsKey(stage)) {
        rows.get(stage).forEach(batch -> tap.show(stage, batch));
      } else if (inputs.containsKey(stage)) {
        try {
          showFused(stage, tap, rows);
        } catch (EngineException e) {
          tap.failed(stage, e);
        }
      }
    }
  }

  private void showFused(String stage, Tap tap, Map<String, List<VectorSchemaRoot>> rows) {
    List<String> stages = new ArrayList<>();
    String from = stage;
    do {
      stages.add(0, from);
      from = inputs.getOrDefault(from, head);
    } while (!rows.containsKey(from) && inputs.containsKey(from));
    List<VectorSchemaRoot> sample = few(rows.getOrDefault(from, List.of()));
    try (QuarantineBuffer nobodys = new QuarantineBuffer(session.allocator())) {
      if (!sample.isEmpty()) {
        List<VectorSchemaRoot> made =
            segment(stage, from, stages).run(sample, new Ledger(), nobodys);
        made.forEach(batch -> tap.show(stage, batch));
        Batches.close(made);
      }
    } finally {
      Batches.close(sample);
    }
  }

  private Segment segment(String stage, String from, List<String> stages) {
    return fused.computeIfAbsent(stage, s -> new Segment(session, plan, from, stages, inOrder));
  }

  private List<VectorSchemaRoot> few(List<VectorSchemaRoot> rows) {
    List<VectorSchemaRoot> few = new ArrayList<>();
    int left = ROWS;
    for (VectorSchemaRoot batch : rows) {
      int count = Math.min(left, batch.getRowCount());
      if (count > 0) {
        few.add(Batches.share(batch, 0, count, session.allocator()));
        left -= count;
      }
    }
    return few;
  }
}
