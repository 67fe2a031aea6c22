package io.sagitta.engine.plan;

import io.sagitta.definition.CleanStage;
import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import org.apache.arrow.vector.types.pojo.Schema;

/** Plans every stage in turn, upstream first; a stage behind a broken one is not looked at. */
final class StagePlanner {
  private final Spec spec;
  private final Relations relations;
  private final Findings findings;
  private final CleanPlanner clean;
  private final SqlPlanner sql;

  StagePlanner(Spec spec, Relations relations, Sandbox sandbox, Findings findings) {
    this.spec = spec;
    this.relations = relations;
    this.findings = findings;
    this.clean = new CleanPlanner(spec, relations, sandbox, findings);
    this.sql = new SqlPlanner(spec, relations, sandbox, findings);
  }

  void planAll() {
    Relations.upstreamFirst(spec)
        .forEach(
            (name, stage) -> {
              if (stage.inputs().stream().allMatch(i -> relations.schema(i).isPresent())) {
                plan(name, stage);
              }
            });
  }

  private void plan(String name, Stage stage) {
    if (stage instanceof CleanStage c) {
      clean.plan(name, c);
    } else if (stage instanceof SqlStage s) {
      sql.plan(name, s);
    } else if (stage instanceof DedupeStage d) {
      dedupe(name, d);
    }
  }

  private void dedupe(String name, DedupeStage stage) {
    int before = findings.count();
    String input = stage.inputs().get(0);
    Schema schema = relations.schema(input).orElseThrow();
    Columns.requireAll(findings, "spec.stages." + name + ".key", stage.key(), schema, input);
    if (findings.count() == before) {
      relations.put(name, schema);
    }
  }
}
