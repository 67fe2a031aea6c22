package io.sagitta.engine.run;

import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.engine.StepResult.Emission;
import io.sagitta.engine.Tap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * The stages behind a chain's head, cut into segments where rows leave the chain or two stages read
 * the same rows, so that each stage runs, and is booked, once.
 */
final class RowLocalStages {
  private final DuckSession session;
  private final Chain chain;
  private final List<Segment> segments = new ArrayList<>();
  private final Samples samples;

  RowLocalStages(DuckSession session, Plan plan, Chain chain) {
    this.session = session;
    this.chain = chain;
    Map<String, String> inputs = new LinkedHashMap<>();
    for (String stage : chain.rowLocal()) {
      Stage definition = plan.definition().spec().stages().get(stage);
      if (definition == null) {
        throw new EngineException(stage, "the definition has no such stage");
      }
      inputs.put(stage, definition.inputs().get(0));
    }
    boolean inOrder = keepsOrder(plan);
    samples = new Samples(session, plan, chain.name(), inputs, inOrder);
    Set<String> cuts = cuts(inputs);
    for (String stage : chain.rowLocal()) {
      if (cuts.contains(stage)) {
        List<String> stages = new ArrayList<>();
        String at = stage;
        do {
          stages.add(0, at);
          at = inputs.getOrDefault(at, chain.name());
        } while (inputs.containsKey(at) && !cuts.contains(at));
        segments.add(new Segment(session, plan, at, stages, inOrder));
      }
    }
  }

  /** Order matters if a source declares a key, up to the first window. */
  private boolean keepsOrder(Plan plan) {
    boolean isWindowed = plan.definition().spec().stages().get(chain.name()) instanceof SqlStage;
    return !isWindowed
        && plan.definition().spec().sources().values().stream().anyMatch(s -> !s.key().isEmpty());
  }

  private Set<String> cuts(Map<String, String> inputs) {
    Set<String> cuts = new HashSet<>();
    chain.outputs().forEach(output -> cuts.add(output.from()));
    Set<String> read = new HashSet<>();
    inputs.forEach(
        (stage, input) -> {
          if (!read.add(input)) {
            cuts.add(input);
          }
        });
    return cuts;
  }

  /**
   * Runs all stages.
   *
   * @param headRows what the head made; taken over, also on failure
   */
  List<Emission> run(
      List<VectorSchemaRoot> headRows, Ledger ledger, QuarantineBuffer quarantine, Tap tap) {
    Map<String, List<VectorSchemaRoot>> rows = new HashMap<>();
    rows.put(chain.name(), headRows);
    List<Emission> emissions = new ArrayList<>();
    try {
      for (Segment segment : segments) {
        List<VectorSchemaRoot> in = rows.getOrDefault(segment.input(), List.of());
        if (!in.isEmpty()) {
          rows.put(segment.output(), segment.run(in, ledger, quarantine));
        }
      }
      samples.show(tap, rows);
      for (Chain.Output output : chain.outputs()) {
        rows.computeIfPresent(output.from(), (from, batches) -> sized(batches));
        for (VectorSchemaRoot batch : rows.getOrDefault(output.from(), List.of())) {
          emissions.add(new Emission(output, Batches.share(batch, session.allocator())));
        }
      }
      return emissions;
    } catch (RuntimeException e) {
      emissions.forEach(emission -> emission.rows().close());
      throw e;
    } finally {
      rows.values().forEach(Batches::close);
    }
  }

  private List<VectorSchemaRoot> sized(List<VectorSchemaRoot> batches) {
    return Batches.resize(batches, session.outputRows(), session.allocator());
  }
}
