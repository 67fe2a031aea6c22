package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The rules for a query with a window and a key: rows of one key are together in one task, rows of
 * different keys may or may not be, so the result must not depend on whether they are. Without a
 * key there is one task, which sees everything.
 */
final class WindowRules {
  private final List<String> key;
  private final SqlText text;
  private final String path;
  private final Findings findings;
  private final Carriers carriers;
  private final Map<String, Set<String>> namesOfKey = new HashMap<>();

  WindowRules(
      JsonNode root,
      SqlScope scope,
      List<String> key,
      SqlText text,
      String path,
      Findings findings) {
    this.key = key;
    this.text = text;
    this.path = path;
    this.findings = findings;
    this.carriers = new Carriers(root, scope);
    key.forEach(column -> namesOfKey.put(column, namesOf(root, column)));
  }

  void check(JsonNode root) {
    if (key.isEmpty()) {
      return;
    }
    SqlTree.walk(
        root,
        node -> {
          if (SqlTree.isQuery(node) && carriers.reads(node)) {
            query(node);
          }
        });
  }

  /** Follows {@code column AS other} through CTEs and subqueries. */
  private static Set<String> namesOf(JsonNode root, String column) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.add(column);
    int before;
    do {
      before = names.size();
      SqlTree.walk(
          root,
          node -> {
            if (SqlTree.isExpression(node, "COLUMN_REF")
                && names.contains(SqlTree.column(node))
                && !node.path("alias").asText().isEmpty()) {
              names.add(node.path("alias").asText());
            }
          });
    } while (names.size() > before);
    return names;
  }

  private void query(JsonNode query) {
    if (!SqlTree.isSelect(query)) {
      setOperation(query);
      return;
    }
    modifiers(query);
    grouping(query);
    join(query.path("from_table"), query.path("where_clause"));
    for (String part : List.of("select_list", "where_clause", "having", "qualify")) {
      SqlTree.walkHere(query.path(part), this::expression);
    }
  }

  private void setOperation(JsonNode query) {
    if (query.has("setop_type")
        && !(query.path("setop_type").asText().startsWith("UNION")
            && query.path("setop_all").asBoolean())) {
      refuse(
          query,
          "This compares rows of different keys, which may be in different tasks. Use UNION ALL,"
              + " or key: [].");
    }
    modifiers(query);
  }

  private void modifiers(JsonNode query) {
    for (JsonNode modifier : SqlTree.modifiers(query)) {
      String type = SqlTree.type(modifier);
      if (type.startsWith("LIMIT")) {
        refuse(
            modifier,
            "LIMIT counts the rows of all keys, which may be in different tasks. Write key: [], or"
                + " row_number() OVER (PARTITION BY "
                + String.join(", ", key)
                + " ORDER BY …).");
      }
      if (type.equals("DISTINCT_MODIFIER") && SqlTree.isSelect(query)) {
        List<JsonNode> compared =
            SqlTree.has(modifier, "distinct_on_targets")
                ? SqlTree.items(modifier.path("distinct_on_targets"))
                : SqlTree.selectList(query);
        require(query, "DISTINCT", compared, "the columns that it compares");
      }
    }
  }

  private void grouping(JsonNode query) {
    List<JsonNode> aggregates = new ArrayList<>();
    for (String part : List.of("select_list", "having")) {
      SqlTree.walkHere(
          query.path(part),
          node -> {
            if (SqlRules.isAggregate(node)) {
              aggregates.add(node);
            }
          });
    }
    JsonNode sets = query.path("group_sets");
    if (!query.path("aggregate_handling").asText().equals("STANDARD_HANDLING")) {
      require(query, "GROUP BY ALL", SqlTree.selectList(query), "SELECT");
    } else if (sets.isEmpty() && !aggregates.isEmpty()) {
      require(aggregates.get(0), "An aggregate", List.of(), "GROUP BY");
    }
    for (JsonNode set : sets) {
      List<JsonNode> grouped = new ArrayList<>();
      set.forEach(
          index ->
              grouped.add(selected(query, query.path("group_expressions").path(index.asInt()))));
      JsonNode at = query.path("group_expressions");
      require(at.isEmpty() ? query : at, "An aggregate", grouped, "GROUP BY");
    }
  }

  /** Returns what an item of GROUP BY stands for: {@code 2} and aliases are in the select list. */
  private static JsonNode selected(JsonNode query, JsonNode grouped) {
    List<JsonNode> list = SqlTree.selectList(query);
    JsonNode constant = grouped.path("value").path("value");
    if (SqlTree.isExpression(grouped, "CONSTANT") && constant.isInt()) {
      int index = constant.asInt() - 1;
      return index >= 0 && index < list.size() ? list.get(index) : grouped;
    }
    return grouped;
  }

  private void join(JsonNode from, JsonNode where) {
    if (!SqlTree.type(from).equals("JOIN")) {
      return;
    }
    join(from.path("left"), where);
    join(from.path("right"), where);
    if (!carriers.reads(from.path("left")) || !carriers.reads(from.path("right"))) {
      return;
    }
    Set<String> equated = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    from.path("using_columns").forEach(column -> equated.add(column.asText()));
    boolean natural = from.path("ref_type").asText().equals("NATURAL");
    for (String column : key) {
      boolean joined =
          natural
              || equated.contains(column)
              || equates(from.path("condition"), column)
              || equates(where, column);
      if (!joined) {
        String left = alias(from.path("left")) + "." + column;
        String right = alias(from.path("right")) + "." + column;
        refuse(
            from.path("right"),
            "Rows of different '"
                + column
                + "' may be in different tasks, so inputs must be joined by it. Add "
                + left
                + " = "
                + right
                + " to ON, or write key: [].");
      }
    }
  }

  private String alias(JsonNode from) {
    return SqlTree.leaves(from).stream()
        .filter(carriers::reads)
        .map(SqlTree::aliasOrName)
        .findFirst()
        .orElse("x");
  }

  private boolean equates(JsonNode condition, String column) {
    if (SqlTree.type(condition).equals("CONJUNCTION_AND")) {
      return SqlTree.items(condition.path("children")).stream().anyMatch(c -> equates(c, column));
    }
    return SqlTree.type(condition).equals("COMPARE_EQUAL")
        && isKey(column).test(condition.path("left"))
        && isKey(column).test(condition.path("right"))
        && !SqlTree.qualifier(condition.path("left"))
            .equalsIgnoreCase(SqlTree.qualifier(condition.path("right")));
  }

  private void expression(JsonNode node) {
    if (SqlTree.isExpression(node, "WINDOW")) {
      require(node, "OVER", SqlTree.items(node.path("partitions")), "PARTITION BY");
    } else if (SqlTree.isExpression(node, "SUBQUERY") && carriers.reads(node.path("subquery"))) {
      refuse(
          node,
          "This subquery reads rows of other keys, which may be in other tasks. Join it by "
              + String.join(", ", key)
              + ", or write key: [].");
    }
  }

  private void require(JsonNode at, String what, List<JsonNode> present, String where) {
    List<String> missing =
        key.stream()
            .filter(
                column ->
                    present.stream()
                        .noneMatch(isKey(column).or(node -> SqlTree.isExpression(node, "STAR"))))
            .toList();
    if (!missing.isEmpty()) {
      refuse(
          at,
          what
              + " sees the rows of one key only, as other keys may be in other tasks: "
              + where
              + " must hold "
              + String.join(", ", missing)
              + ". Add "
              + (missing.size() == 1 ? "it" : "them")
              + ", or write key: [] to do it all in one task.");
    }
  }

  private Predicate<JsonNode> isKey(String column) {
    Set<String> names = namesOfKey.getOrDefault(column, Set.of());
    return node -> SqlTree.isExpression(node, "COLUMN_REF") && names.contains(SqlTree.column(node));
  }

  private void refuse(JsonNode node, String message) {
    findings.inSql(path, text, SqlTree.offset(node), message);
  }
}
