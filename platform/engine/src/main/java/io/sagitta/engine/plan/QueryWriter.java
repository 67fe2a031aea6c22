package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Writes the query that the engine runs from an author's: the columns of the stage's schema, in
 * their types. It is the author's own SELECT wherever that is possible, since the runner does more
 * with a plain one than with one wrapped into another.
 */
final class QueryWriter {
  private final Sandbox sandbox;

  QueryWriter(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * One column of the author's result.
   *
   * @param field what becomes of it; nothing if it is left out
   */
  record Target(Sandbox.Column column, Optional<Field> field) {
    boolean isCast() {
      return field.isPresent() && !column.type().equals(ColumnTypes.sql(field.get().getType()));
    }
  }

  /** Returns the SQL; {@code statement} may be changed. */
  String write(String stage, JsonNode statement, List<Target> targets) {
    boolean same = targets.stream().noneMatch(t -> t.isCast() || t.field().isEmpty());
    if (same) {
      return sandbox.print(statement);
    }
    JsonNode root = SqlTree.root(statement);
    if (isEditable(root, targets)) {
      edit((ArrayNode) root.path("select_list"), targets);
      return sandbox.print(statement);
    }
    return wrapped(stage, sandbox.print(statement), targets);
  }

  private static boolean isEditable(JsonNode root, List<Target> targets) {
    List<JsonNode> list = SqlTree.selectList(root);
    boolean grouped = SqlTree.has(root, "group_sets");
    if (!SqlTree.isSelect(root)
        || !SqlTree.modifiers(root).isEmpty()
        || list.size() != targets.size()
        || list.stream().anyMatch(item -> SqlTree.isExpression(item, "STAR"))
        || SqlTree.items(root.path("group_expressions")).stream()
            .anyMatch(g -> SqlTree.isExpression(g, "CONSTANT"))
        || !root.path("aggregate_handling").asText().equals("STANDARD_HANDLING")) {
      return false;
    }
    for (int i = 0; i < list.size(); i++) {
      // What GROUP BY holds must stay as it is there; only aggregates over a group may change.
      if (grouped && targets.get(i).isCast() && !SqlRules.isAggregate(list.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static void edit(ArrayNode list, List<Target> targets) {
    for (int i = targets.size() - 1; i >= 0; i--) {
      Target target = targets.get(i);
      if (target.field().isEmpty()) {
        list.remove(i);
      } else if (target.isCast()) {
        ObjectNode item = (ObjectNode) list.get(i);
        item.put("alias", "");
        ObjectNode cast = list.objectNode();
        cast.put("class", "CAST").put("type", "OPERATOR_CAST").put("alias", target.column().name());
        cast.set("child", item);
        cast.putObject("cast_type")
            .put("id", ColumnTypes.sql(target.field().get().getType()))
            .putNull("type_info");
        cast.put("try_cast", false);
        list.set(i, cast);
      }
    }
  }

  private static String wrapped(String stage, String sql, List<Target> targets) {
    List<String> columns = new ArrayList<>();
    for (Target target : targets) {
      if (target.field().isPresent()) {
        String name = Names.quoted(target.column().name());
        String type = ColumnTypes.sql(target.field().get().getType());
        columns.add(target.isCast() ? "CAST(" + name + " AS " + type + ") AS " + name : name);
      }
    }
    return "SELECT " + String.join(", ", columns) + " FROM (" + sql + ") AS " + Names.quoted(stage);
  }
}
