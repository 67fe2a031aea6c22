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
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Plans sql stages: checks the author's query, and writes the one that the engine runs. */
final class SqlPlanner {
  private static final Set<String> OF_THE_RUNNER =
      Set.of(WireSchemas.WINDOW_START, WireSchemas.WINDOW_END, WireSchemas.EVENT_TIME);

  private final Spec spec;
  private final Relations relations;
  private final Sandbox sandbox;
  private final Findings findings;

  SqlPlanner(Spec spec, Relations relations, Sandbox sandbox, Findings findings) {
    this.spec = spec;
    this.relations = relations;
    this.sandbox = sandbox;
    this.findings = findings;
  }

  /** Plans the stage {@code name}, whose inputs are known. */
  void plan(String name, SqlStage stage) {
    int before = findings.count();
    SqlScope scope = SqlScope.of(spec, stage, relations);
    scope.inputs().forEach(sandbox::define);
    scope.tables().forEach(sandbox::define);
    try {
      String path = "spec.stages." + name;
      keysExist(path, stage);
      SqlText text = SqlText.of(stage.query(), spec.params(), path + ".query", findings);
      Optional<JsonNode> statement = check(path + ".query", text, scope);
      if (statement.isPresent() && findings.count() == before) {
        write(name, stage, text, statement.get());
      }
    } finally {
      scope.names().forEach(sandbox::undefine);
    }
  }

  private void keysExist(String path, SqlStage stage) {
    for (String input : stage.inputs()) {
      Schema schema = relations.schema(input).orElseThrow();
      Columns.requireAll(findings, path + ".key", stage.key(), schema, input);
    }
    if (stage.window().isEmpty() && !stage.key().isEmpty()) {
      findings.error(
          path + ".key",
          "A key brings rows of one key together for a window, and this stage has none. Add"
              + " window: {tumbling: 1h}, or drop the key.");
    }
    if (stage.window().filter(w -> w instanceof Window.Session).isPresent()
        && stage.key().isEmpty()) {
      findings.error(path + ".window", "A session is one key's. Add key: [column] to the stage.");
    }
  }

  /** Returns the one statement, if it parses; adds every problem that it has. */
  private Optional<JsonNode> check(String path, SqlText text, SqlScope scope) {
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
          statements.size() < 2 ? 0 : SqlTree.offset(statements.get(1)),
          statements.isEmpty()
              ? "The query is empty. Write one SELECT."
              : "A stage is one SELECT. Make the second one a stage of its own.");
      return Optional.empty();
    }
    JsonNode root = SqlTree.root(statements.get(0));
    new SqlRules(scope, text, path, findings).query(root);
    if (findings.count() == before) {
      try {
        sandbox.describe(text.sql());
      } catch (SqlFault fault) {
        findings.fault(path, text, fault);
      }
    }
    return Optional.of(statements.get(0));
  }

  private void write(String name, SqlStage stage, SqlText text, JsonNode statement) {
    String path = "spec.stages." + name + ".query";
    int before = findings.count();
    try {
      if (stage.window().isEmpty()) {
        EventTimeColumn.keep(SqlTree.root(statement), stage.inputs().get(0));
      }
      String sql = sandbox.print(statement);
      List<Sandbox.Column> columns = sandbox.describe(sql);
      ResultColumns result = new ResultColumns(path, text, findings);
      List<Field> fields = new ArrayList<>();
      List<String> selected = new ArrayList<>();
      result.check(columns, SqlTree.root(statement));
      for (Sandbox.Column column : columns) {
        if (stage.window().isPresent() && OF_THE_RUNNER.contains(Names.folded(column.name()))) {
          continue;
        }
        result
            .field(column)
            .ifPresent(
                field -> {
                  fields.add(field);
                  selected.add(result.select(column, field));
                });
      }
      if (findings.count() > before) {
        return;
      }
      String query =
          "SELECT " + String.join(", ", selected) + " FROM (" + sql + ") AS " + Names.quoted(name);
      sandbox.probe(query);
      if (stage.window().isPresent()) {
        for (String column :
            List.of(WireSchemas.WINDOW_START, WireSchemas.WINDOW_END, WireSchemas.EVENT_TIME)) {
          fields.add(Field.nullable(column, WireSchemas.TIMESTAMP));
        }
      }
      relations.put(name, new Schema(fields), query);
    } catch (SqlFault fault) {
      findings.inSql(path, text, 0, fault.message());
    }
  }
}
