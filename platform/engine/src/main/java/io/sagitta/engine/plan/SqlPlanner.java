package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Window;
import io.sagitta.engine.WireSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Plans sql stages: checks the author's query, and writes the one that the engine runs. */
final class SqlPlanner {
  /** Columns of a windowed stage that the runner adds, in this order. */
  private static final List<String> OF_THE_RUNNER =
      List.of(WireSchemas.WINDOW_START, WireSchemas.WINDOW_END, WireSchemas.EVENT_TIME);

  private final Spec spec;
  private final Relations relations;
  private final Sandbox sandbox;
  private final Findings findings;

  SqlPlanner(Spec spec, Relations relations, Sandbox sandbox, Findings findings) {
    this.spec = spec;
    this.relations = relations;
    this.sandbox = sandbox;
    this.findings = findings;
    spec.tables().keySet().forEach(t -> sandbox.define(t, relations.schema(t).orElseThrow()));
  }

  /** Plans the stage {@code name}, whose inputs are known. */
  void plan(String name, SqlStage stage) {
    int before = findings.count();
    SqlScope scope = SqlScope.of(spec, stage, relations);
    scope.inputs().forEach(sandbox::define);

    try {
      String path = "spec.stages." + name;
      boolean keysExist = keysExist(path, stage);
      SqlText text = SqlText.of(stage.query());
      Optional<JsonNode> statement = check(path, text, stage, scope, keysExist);
      if (statement.isPresent() && findings.count() == before) {
        write(name, stage, scope, text, statement.get());
      }
    } finally {
      scope.inputs().keySet().forEach(sandbox::undefine);
    }
  }

  private boolean keysExist(String path, SqlStage stage) {
    int before = findings.count();
    for (String input : stage.inputs()) {
      Schema schema = relations.schema(input).orElseThrow();
      Columns.requireAll(findings, path + ".key", stage.key(), schema, input);
    }
    if (stage.window().isEmpty() && !stage.key().isEmpty()) {
      findings.error(
          path + ".key",
          "A key brings rows of one key together for a window, and this stage has none. Add"
              + " window: {tumbling: 1h}, or drop the key. Only in mode: batch a key alone means the"
              + " whole input.");
    }
    if (stage.window().filter(w -> w instanceof Window.Session).isPresent()
        && stage.key().isEmpty()) {
      findings.error(path + ".window", "A session is one key's. Add key: [column] to the stage.");
    }
    return findings.count() == before;
  }

  /** Returns the one statement, if it parses; adds every problem that it has. */
  private Optional<JsonNode> check(
      String stagePath, SqlText text, SqlStage stage, SqlScope scope, boolean keysExist) {
    String path = stagePath + ".query";
    int before = findings.count();
    List<JsonNode> statements;
    try {
      statements = sandbox.parse(text.sql());
    } catch (SqlFault fault) {
      findings.fault(path, text, fault);
      return Optional.empty();
    }
    if (statements.size() != 1) {
      findings.inSql(
          path,
          text,
          statements.isEmpty() ? 0 : SqlTree.offset(statements.get(1)),
          statements.isEmpty()
              ? "The query is empty. Write one SELECT."
              : "A stage is one SELECT. Make the second one a stage of its own.");
      return Optional.empty();
    }
    JsonNode root = SqlTree.root(statements.get(0));
    new SqlRules(scope, text, path, findings).query(root, stage.window().isPresent());
    boolean harmless = findings.count() == before;
    if (stage.window().isPresent()) {
      if (keysExist) {
        new WindowRules(root, scope, stage.key(), text, path, findings).check(root);
      }
      everyInputIsRead(stagePath, stage, root);
    } else {
      boolean knownNames = findings.count() == before;
      new RowLocalRules(root, scope, text, path, spec.mode(), findings).check(root, knownNames);
    }
    if (!harmless) {
      return Optional.empty();
    }
    Binding binding = new Binding(sandbox, text, path, findings);
    binding.check(findings.count() > before);
    if (findings.count() == before) {
      binding.checkCondition(statements.get(0));
    }
    return Optional.of(statements.get(0));
  }

  private void everyInputIsRead(String path, SqlStage stage, JsonNode root) {
    Set<String> read = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    SqlTree.walk(
        root,
        node -> {
          if (SqlTree.isTable(node)) {
            read.add(node.path("table_name").asText());
          }
        });
    for (int i = 0; i < stage.inputs().size(); i++) {
      String input = stage.inputs().get(i);
      if (!read.contains(input)) {
        findings.error(
            path + ".inputs[" + i + "]",
            "The query does not read '" + input + "'. Name it in FROM, or drop it here.");
      }
    }
  }

  private void write(
      String name, SqlStage stage, SqlScope scope, SqlText text, JsonNode statement) {
    String path = "spec.stages." + name + ".query";
    int before = findings.count();
    try {
      JsonNode root = SqlTree.root(statement);
      if (stage.window().isEmpty()) {
        EventTimeColumn.keep(root, stage.inputs().get(0));
      }
      List<QueryWriter.Target> targets = targets(stage, scope, path, text, statement);
      List<Field> fields =
          new ArrayList<>(targets.stream().flatMap(t -> t.field().stream()).toList());
      resultIsSound("spec.stages." + name, path, text, stage, fields);
      if (findings.count() > before) {
        return;
      }
      String query = new QueryWriter(sandbox).write(name, statement, targets);
      sandbox.probe(query);
      if (stage.window().isPresent()) {
        OF_THE_RUNNER.forEach(c -> fields.add(Field.nullable(c, WireSchemas.TIMESTAMP)));
      }
      relations.put(name, new Schema(fields), query);
    } catch (SqlFault fault) {
      findings.inSql(path, text, 0, fault.message());
    }
  }

  private List<QueryWriter.Target> targets(
      SqlStage stage, SqlScope scope, String path, SqlText text, JsonNode statement)
      throws SqlFault {
    List<Sandbox.Column> columns = sandbox.describe(sandbox.print(statement));
    ResultColumns result = new ResultColumns(path, text, findings);
    JsonNode root = SqlTree.root(statement);
    result.check(columns, root);
    Lineage lineage = new Lineage(root, scope);

    List<QueryWriter.Target> targets = new ArrayList<>();
    for (Sandbox.Column column : columns) {
      boolean dropped =
          stage.window().isPresent() && OF_THE_RUNNER.contains(Names.folded(column.name()));
      targets.add(
          new QueryWriter.Target(
              column, dropped ? Optional.empty() : result.field(column, lineage)));
    }
    return targets;
  }

  private void resultIsSound(
      String stagePath, String path, SqlText text, SqlStage stage, List<Field> fields) {
    if (fields.isEmpty()) {
      findings.inSql(
          path, text, 0, "Nothing is left but the window's own columns. Select one more.");
    }
    if (stage.window().filter(w -> w instanceof Window.Session).isPresent()) {
      for (int i = 0; i < stage.key().size(); i++) {
        String key = stage.key().get(i);
        if (fields.stream().noneMatch(f -> f.getName().equals(key))) {
          findings.error(
              stagePath + ".key[" + i + "]",
              "A session is one key's, so its result must say whose: add " + key + " to SELECT.");
        }
      }
    }
  }
}
