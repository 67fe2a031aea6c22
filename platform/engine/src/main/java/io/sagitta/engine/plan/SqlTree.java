package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the engine's syntax trees, JSON objects of three families: query nodes ({@code type} ends
 * in {@code _NODE}), table references ({@code type} such as {@code BASE_TABLE}) and expressions
 * (with a {@code class}).
 */
final class SqlTree {
  private static final double NOWHERE = 1e18;

  private SqlTree() {}

  /** Returns the root query node of a statement. */
  static JsonNode root(JsonNode statement) {
    return statement.path("node");
  }

  static String type(JsonNode node) {
    return node.path("type").asText();
  }

  static boolean isSelect(JsonNode query) {
    return type(query).equals("SELECT_NODE");
  }

  static boolean isQuery(JsonNode node) {
    return type(node).endsWith("_NODE") && node.has("cte_map");
  }

  static boolean isExpression(JsonNode node, String expressionClass) {
    return node.path("class").asText().equals(expressionClass);
  }

  static boolean isTable(JsonNode node) {
    return type(node).equals("BASE_TABLE");
  }

  static boolean has(JsonNode node, String field) {
    JsonNode child = node.path(field);
    return !child.isMissingNode() && !child.isNull() && !(child.isArray() && child.isEmpty());
  }

  /** Returns the select list of a query node. */
  static List<JsonNode> selectList(JsonNode query) {
    return items(query.path("select_list"));
  }

  static List<JsonNode> items(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }

  /** A common table expression. */
  record Cte(String name, JsonNode query) {}

  /** Returns the common table expressions of one query node. */
  static List<Cte> ctes(JsonNode query) {
    return items(query.path("cte_map").path("map")).stream()
        .map(e -> new Cte(e.path("key").asText(), e.path("value").path("query").path("node")))
        .toList();
  }

  /** Returns the modifiers, such as LIMIT_MODIFIER, of one query node. */
  static List<JsonNode> modifiers(JsonNode query) {
    return items(query.path("modifiers"));
  }

  /** Returns the last part of a column reference's name. */
  static String column(JsonNode reference) {
    JsonNode names = reference.path("column_names");
    return names.path(names.size() - 1).asText();
  }

  /** Returns the relation that a column reference names, or "". */
  static String qualifier(JsonNode reference) {
    JsonNode names = reference.path("column_names");
    return names.size() < 2 ? "" : names.path(names.size() - 2).asText();
  }

  /** Shows {@code visitor} every object below and with {@code node}, parents first. */
  static void walk(JsonNode node, Consumer<JsonNode> visitor) {
    if (node.isObject()) {
      visitor.accept(node);
    }
    node.forEach(child -> walk(child, visitor));
  }

  /** Shows {@code visitor} every expression below and with {@code node}, but not in subqueries. */
  static void walkHere(JsonNode node, Consumer<JsonNode> visitor) {
    if (node.isObject()) {
      if (isQuery(node)) {
        return;
      }
      visitor.accept(node);
    }
    node.forEach(child -> walkHere(child, visitor));
  }

  /** Returns the relations that a FROM clause joins, left to right. */
  static List<JsonNode> leaves(JsonNode from) {
    List<JsonNode> leaves = new ArrayList<>();
    collectLeaves(from, leaves);
    return leaves;
  }

  private static void collectLeaves(JsonNode from, List<JsonNode> leaves) {
    if (type(from).equals("JOIN")) {
      collectLeaves(from.path("left"), leaves);
      collectLeaves(from.path("right"), leaves);
    } else {
      leaves.add(from);
    }
  }

  /** Returns the name under which a relation of a FROM clause is known. */
  static String aliasOrName(JsonNode relation) {
    String alias = relation.path("alias").asText();
    return alias.isEmpty() ? relation.path("table_name").asText() : alias;
  }

  /** Returns where {@code node} starts, in bytes: the first place of it or its parts, else 0. */
  static int offset(JsonNode node) {
    int[] least = {Integer.MAX_VALUE};
    walk(
        node,
        part -> {
          JsonNode own = part.path("query_location");
          if (own.isNumber() && own.asDouble() < NOWHERE) {
            least[0] = Math.min(least[0], own.asInt());
          }
        });
    return least[0] == Integer.MAX_VALUE ? 0 : least[0];
  }

  /** Returns whether the statements are {@code SELECT expression FROM relation}, no more. */
  static boolean isOneExpression(List<JsonNode> statements) {
    if (statements.size() != 1) {
      return false;
    }
    JsonNode query = root(statements.get(0));
    return isSelect(query)
        && selectList(query).size() == 1
        && !isExpression(selectList(query).get(0), "STAR")
        && selectList(query).get(0).path("alias").asText().isEmpty()
        && isTable(query.path("from_table"))
        && query.path("from_table").path("alias").asText().isEmpty()
        && !query.path("from_table").hasNonNull("sample")
        && modifiers(query).isEmpty()
        && ctes(query).isEmpty()
        && !has(query, "where_clause")
        && !has(query, "group_sets")
        && !has(query, "having")
        && !has(query, "qualify")
        && !has(query, "sample")
        && query.path("aggregate_handling").asText().equals("STANDARD_HANDLING");
  }
}
