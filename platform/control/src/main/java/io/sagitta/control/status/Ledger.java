package io.sagitta.control.status;

import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.transport.TaskStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of every row, by source and stage: the sum over all tasks of what they count.
 *
 * <p>Two equations hold. In a stage: what came in went out, was filtered, was a duplicate, is in
 * quarantine, was late, or is held by an open window. (A window's results are no rows that came in:
 * what its query took up counts as filtered.) Between stages: what the inputs made came in, or is
 * on its way through Pulsar.
 */
final class Ledger {
  private final Plan plan;
  private final Collection<TaskStatus> reports;
  private final TaskTracker tracker;

  Ledger(Plan plan, Collection<TaskStatus> reports, TaskTracker tracker) {
    this.plan = plan;
    this.reports = reports;
    this.tracker = tracker;
  }

  /** Returns the sources' lines, then the stages', each after its inputs. */
  List<StageLine> lines() {
    Map<String, String> chains = chains();
    Map<String, Counts> sums = new LinkedHashMap<>();
    chains.keySet().forEach(name -> sums.put(name, sum(name)));
    List<StageLine> lines = new ArrayList<>();
    chains.forEach((name, chain) -> lines.add(line(name, chain, sums)));
    return lines;
  }

  private StageLine line(String name, String chain, Map<String, Counts> sums) {
    Stage stage = plan.definition().spec().stages().get(name);
    String kind = kind(stage);
    List<String> inputs = stage == null ? List.of() : stage.inputs();
    Counts counts = sums.getOrDefault(name, Counts.ZERO);
    long made = inputs.stream().mapToLong(i -> sums.getOrDefault(i, Counts.ZERO).out()).sum();
    TaskTracker.Rate rate =
        reports.stream()
            .map(r -> tracker.rate(r, name))
            .reduce(TaskTracker.Rate.NONE, TaskTracker.Rate::plus);
    return new StageLine(
        name,
        kind,
        chain,
        inputs,
        counts,
        missing(counts, kind),
        inputs.isEmpty() ? 0 : made - counts.in(),
        rate.in(),
        rate.out());
  }

  private static long missing(Counts c, String kind) {
    long passedOn = kind.equals("window") ? 0 : c.out();
    return c.in()
        - passedOn
        - c.filtered()
        - c.duplicates()
        - c.quarantined()
        - c.late()
        - c.held();
  }

  private static String kind(@org.jspecify.annotations.Nullable Stage stage) {
    if (stage == null) {
      return "source";
    } else if (stage instanceof DedupeStage) {
      return "dedupe";
    }
    return stage instanceof SqlStage sql && sql.window().isPresent() ? "window" : "row-local";
  }

  private Counts sum(String name) {
    return reports.stream()
        .map(r -> r.counts().getOrDefault(name, Counts.ZERO))
        .reduce(Counts.ZERO, Counts::plus);
  }

  /** Returns the chain of every source and stage. */
  private Map<String, String> chains() {
    Map<String, String> chains = new LinkedHashMap<>();
    for (Chain chain : plan.chains()) {
      chains.put(chain.name(), chain.name());
      chain.rowLocal().forEach(stage -> chains.put(stage, chain.name()));
    }
    return chains;
  }
}
