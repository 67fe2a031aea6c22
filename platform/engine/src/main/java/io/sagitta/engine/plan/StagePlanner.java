package io.sagitta.engine.plan;

import io.sagitta.definition.CleanStage;
import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.engine.WireSchemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    namesAreOneEach();
    Map<String, Stage> order = Relations.upstreamFirst(spec);
    order.forEach(this::plan);
    for (String name : spec.stages().keySet()) {
      if (!order.containsKey(name)) {
        findings.error(
            "spec.stages." + name + ".inputs",
            "Stage '"
                + name
                + "' waits for itself, through its inputs. Let the first stage of the circle read"
                + " a source.");
      }
    }
  }

  private void namesAreOneEach() {
    Map<String, String> seen = new LinkedHashMap<>();
    for (String kind : List.of("sources", "tables", "stages")) {
      Set<String> names =
          switch (kind) {
            case "sources" -> spec.sources().keySet();
            case "tables" -> spec.tables().keySet();
            default -> spec.stages().keySet();
          };
      for (String name : names) {
        String other = seen.put(Names.folded(name), kind + "." + name);
        if (other != null) {
          findings.error(
              "spec." + kind + "." + name,
              "SQL cannot tell '"
                  + name
                  + "' from spec."
                  + other
                  + ": sources, tables and stages share one namespace, which ignores case. Rename"
                  + " one.");
        }
      }
    }
  }

  private void plan(String name, Stage stage) {
    String path = "spec.stages." + name;
    if (!inputsAreKnown(path, stage) || !inputsSuit(path, stage)) {
      return;
    }
    if (!stage.inputs().stream().allMatch(i -> relations.schema(i).isPresent())) {
      return;
    }
    if (stage instanceof CleanStage c) {
      clean.plan(name, c);
    } else if (stage instanceof SqlStage s) {
      sql.plan(name, s);
    } else if (stage instanceof DedupeStage d) {
      dedupe(name, d);
    }
  }

  private boolean inputsAreKnown(String path, Stage stage) {
    Set<String> seen = new HashSet<>();
    boolean known = true;
    for (int i = 0; i < stage.inputs().size(); i++) {
      String input = stage.inputs().get(i);
      String at = path + ".inputs[" + i + "]";
      if (spec.tables().containsKey(input)) {
        findings.error(
            at, "'" + input + "' is a table: name it in the SQL only, not among the inputs.");
        known = false;
      } else if (!relations.isInput(input)) {
        findings.error(
            at, "Unknown input '" + input + "'." + Names.suggestion(input, relations.inputNames()));
        known = false;
      } else if (!seen.add(input)) {
        findings.error(at, "Input '" + input + "' is named twice. Once is enough.");
        known = false;
      }
    }
    return known;
  }

  private boolean inputsSuit(String path, Stage stage) {
    boolean rowLocal = ChainCutter.exchangeKey(stage).isEmpty();
    if (stage.inputs().isEmpty()) {
      findings.error(path, "A stage needs an input: a source or another stage.");
      return false;
    }
    if (rowLocal && stage.inputs().size() > 1) {
      findings.error(
          path + ".inputs[1]",
          "A stage without a window has one input: rows of two are never there at once. Give it a"
              + " window, or make it one stage per input.");
      return false;
    }
    return true;
  }

  private void dedupe(String name, DedupeStage stage) {
    String path = "spec.stages." + name;
    int before = findings.count();
    List<Schema> schemas = new ArrayList<>();
    for (String input : stage.inputs()) {
      Schema schema = relations.schema(input).orElseThrow();
      Columns.requireAll(findings, path + ".key", stage.key(), schema, input);
      schemas.add(schema);
    }
    if (stage.key().isEmpty()) {
      findings.error(
          path, "Say which columns make two rows the same: key: [" + firstColumn(schemas) + "].");
    }
    SameColumns.check(findings, path, stage.inputs(), schemas);
    if (findings.count() == before) {
      relations.put(name, schemas.get(0));
    }
  }

  private static String firstColumn(List<Schema> schemas) {
    return schemas.get(0).getFields().stream()
        .map(org.apache.arrow.vector.types.pojo.Field::getName)
        .filter(n -> !n.equals(WireSchemas.EVENT_TIME))
        .findFirst()
        .orElse("id");
  }
}
