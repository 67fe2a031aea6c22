package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rules for joins of a stream to a table: at most one row of the table for each row. */
final class TableJoins {
  private static final Set<String> FILTERS = Set.of("SEMI", "ANTI");

  private final SqlScope scope;
  private final SqlText text;
  private final String path;
  private final Findings findings;

  TableJoins(SqlScope scope, SqlText text, String path, Findings findings) {
    this.scope = scope;
    this.text = text;
    this.path = path;
    this.findings = findings;
  }

  /**
   * Checks one join.
   *
   * @param streamIsLeft on which side the input's rows come in
   */
  void check(JsonNode join, boolean streamIsLeft) {
    JsonNode other = join.path(streamIsLeft ? "right" : "left");
    Optional<String> table = table(other);
    if (table.isEmpty()) {
      refuse(
          other,
          "Without a window rows are joined to tables only, one after the other, each by its name."
              + " Declare one under spec.tables, or give the stage a window.");
      return;
    }
    String kind = join.path("ref_type").asText();
    if (!kind.equals("REGULAR") && !kind.equals("ASOF")) {
      refuse(
          other,
          "This joins every row with every row of '"
              + table.get()
              + "'. Write LEFT JOIN "
              + table.get()
              + " ON with its key.");
      return;
    }
    String type = join.path("join_type").asText();
    boolean allowed =
        type.equals("INNER") || (streamIsLeft && (type.equals("LEFT") || FILTERS.contains(type)));
    if (!allowed) {
      refuse(
          other,
          "A "
              + type
              + " join would keep rows of the table that match none in this batch. Put the input"
              + " first and write LEFT JOIN.");
    } else if (!FILTERS.contains(type)) {
      coversKey(join, other, table.get(), kind.equals("ASOF"));
    }
  }

  private void coversKey(JsonNode join, JsonNode relation, String table, boolean asOf) {
    List<String> key = scope.tableKeys().getOrDefault(table, List.of());
    if (key.isEmpty()) {
      refuse(
          relation,
          "Table '"
              + table
              + "' has no key, so that a row might match many. Declare it: spec.tables."
              + table
              + ".key.");
      return;
    }
    Set<String> covered = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    join.path("using_columns").forEach(column -> covered.add(column.asText()));
    cover(join.path("condition"), relation, table, asOf, covered);
    List<String> missing = key.stream().filter(k -> !covered.contains(k)).toList();
    if (!missing.isEmpty()) {
      String alias = SqlTree.aliasOrName(relation);
      refuse(
          relation,
          "A row might match many of '"
              + table
              + "', whose key is "
              + key
              + ". Add "
              + String.join(" and ", missing.stream().map(m -> alias + "." + m + " = …").toList())
              + " to ON.");
    }
  }

  private void cover(
      JsonNode condition, JsonNode relation, String table, boolean asOf, Set<String> covered) {
    if (SqlTree.type(condition).equals("CONJUNCTION_AND")) {
      condition.path("children").forEach(c -> cover(c, relation, table, asOf, covered));
      return;
    }
    boolean counts =
        SqlTree.type(condition).equals("COMPARE_EQUAL")
            || (asOf && SqlTree.isExpression(condition, "COMPARISON"));
    if (!counts) {
      return;
    }
    JsonNode left = condition.path("left");
    JsonNode right = condition.path("right");
    for (List<JsonNode> sides : List.of(List.of(left, right), List.of(right, left))) {
      JsonNode own = sides.get(0);
      if (isOf(own, relation, table) && !refersTo(sides.get(1), relation, table)) {
        covered.add(SqlTree.column(own));
      }
    }
  }

  private boolean refersTo(JsonNode expression, JsonNode relation, String table) {
    List<JsonNode> references = new ArrayList<>();
    SqlTree.walk(
        expression,
        node -> {
          if (isOf(node, relation, table)) {
            references.add(node);
          }
        });
    return !references.isEmpty();
  }

  /** A name without qualifier is the table's if the table has it: else it would be ambiguous. */
  private boolean isOf(JsonNode node, JsonNode relation, String table) {
    if (!SqlTree.isExpression(node, "COLUMN_REF")) {
      return false;
    }
    String qualifier = SqlTree.qualifier(node);
    Schema schema = scope.tables().getOrDefault(table, new Schema(List.of()));
    return qualifier.isEmpty()
        ? Columns.find(schema, SqlTree.column(node)).isPresent()
        : qualifier.equalsIgnoreCase(SqlTree.aliasOrName(relation));
  }

  private Optional<String> table(JsonNode relation) {
    return SqlTree.isTable(relation)
        ? scope.table(relation.path("table_name").asText())
        : Optional.empty();
  }

  private void refuse(JsonNode node, String message) {
    findings.inSql(path, text, SqlTree.offset(node), message);
  }
}
