package io.sagitta.engine.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What can be said of a query by looking at its syntax tree, and its rewriting. Where it is not
 * certain, the answer is the careful one.
 */
final class QueryShape {
  private final JsonNode tree;
  private final JsonNode select;

  /** Whether an aggregate is called, be it in SELECT or HAVING. */
  private final boolean aggregates;

  /**
   * Wraps the tree of one SELECT.
   *
   * @param tree as {@link DuckSession#parse} returns it
   * @param aggregates names of all aggregate functions
   */
  QueryShape(JsonNode tree, Set<String> aggregates) {
    this.tree = tree;
    this.select = tree.path("statements").path(0).path("node");
    this.aggregates = has(select, n -> isCall(n) && aggregates.contains(nameOf(n)));
  }

  /** Returns how often the query reads relation {@code name}. */
  int references(String name) {
    return references(tree, name);
  }

  private static int references(JsonNode node, String name) {
    int found = isTable(node) && node.path("table_name").asText().equalsIgnoreCase(name) ? 1 : 0;
    for (JsonNode child : node) {
      found += references(child, name);
    }
    return found;
  }

  /** Whether each input row makes exactly one row, in order: columns of one relation, no more. */
  boolean isProjection() {
    return isPlainSelect()
        && select.path("where_clause").isNull()
        && isRowPreserving()
        && calls(select.path("select_list"), "unnest") == 0;
  }

  /** Whether rows come out in the order they went in: neither grouped, joined nor sorted. */
  boolean isRowPreserving() {
    return isPlainSelect() && !isGrouped();
  }

  /**
   * Whether running the query over the rows of several windows at once, with the window added to
   * what it selects and groups by, makes for each window what running it alone makes.
   *
   * <p>It does for one SELECT over one relation, without subqueries, window functions, sorting or
   * limits: rows of different windows then never meet, since either nothing is grouped or the
   * window is part of the group. Aggregates over everything make a row even of no rows, so they
   * must not have a WHERE that could leave a window without any.
   */
  boolean isMergeable() {
    if (!isPlainSelect() || (!select.path("having").isNull() && !hasGroups())) {
      return false;
    }
    return hasGroups()
        ? select.path("group_sets").size() == 1
        : isAutoGrouped() || !aggregates || select.path("where_clause").isNull();
  }

  private boolean isGrouped() {
    return hasGroups() || isAutoGrouped() || aggregates || !select.path("having").isNull();
  }

  private boolean hasGroups() {
    return !select.path("group_expressions").isEmpty();
  }

  private boolean isAutoGrouped() {
    return !select.path("aggregate_handling").asText().equals("STANDARD_HANDLING");
  }

  private boolean isPlainSelect() {
    return select.path("type").asText().equals("SELECT_NODE")
        && select.path("modifiers").isEmpty()
        && select.path("cte_map").path("map").isEmpty()
        && isTable(select.path("from_table"))
        && select.path("from_table").path("sample").isNull()
        && select.path("sample").isNull()
        && select.path("qualify").isNull()
        && !has(select, n -> n.path("class").asText().equals("WINDOW"))
        && !has(select, n -> n.path("class").asText().equals("SUBQUERY"));
  }

  /** Returns a copy of a mergeable tree that also selects and groups by {@code columns}, last. */
  JsonNode with(List<String> columns) {
    JsonNode copy = tree.deepCopy();
    ObjectNode node = (ObjectNode) copy.path("statements").path(0).path("node");
    ArrayNode groups = node.withArray("group_expressions");
    ArrayNode sets = node.withArray("group_sets");
    for (String column : columns) {
      node.withArray("select_list").add(reference(node, column));
      if (isGrouped() && !isAutoGrouped()) {
        ArrayNode set = sets.isEmpty() ? sets.addArray() : (ArrayNode) sets.get(0);
        set.add(groups.size());
        groups.add(reference(node, column));
      }
    }
    return copy;
  }

  /**
   * Returns a copy that reads {@code numbered} in place of {@code input} and yields its column
   * {@code number} too, if the query is a join with {@code input} on its left; else empty. A join
   * hands on the rows without a match after those with one.
   */
  Optional<JsonNode> numbered(String input, String numbered, String number) {
    JsonNode copy = tree.deepCopy();
    JsonNode node = copy.path("statements").path(0).path("node");
    JsonNode left = node.path("from_table");
    if (!left.path("type").asText().equals("JOIN")) {
      return Optional.empty();
    }
    while (left.path("type").asText().equals("JOIN")) {
      left = left.path("left");
    }
    if (!isTable(left) || !left.path("table_name").asText().equalsIgnoreCase(input)) {
      return Optional.empty();
    }
    String written = left.path("alias").asText();
    String alias = written.isEmpty() ? input : written;
    ((ObjectNode) left).put("table_name", numbered).put("alias", alias);
    boolean isStarred =
        has(
            node.path("select_list"),
            n ->
                n.path("class").asText().equals("STAR")
                    && (n.path("relation_name").asText().isEmpty()
                        || n.path("relation_name").asText().equalsIgnoreCase(alias)));
    if (!isStarred) {
      ((ArrayNode) node.path("select_list")).add(reference((ObjectNode) node, number));
    }
    return Optional.of(copy);
  }

  /**
   * Returns, of a clean stage's query {@code SELECT *, reason FROM (SELECT conversions FROM
   * input)}, what it takes to know the reasons: the same without {@code *}, and with no other
   * conversions than those that the reasons read.
   */
  QueryShape refusals() {
    JsonNode copy = tree.deepCopy();
    JsonNode node = copy.path("statements").path(0).path("node");
    ArrayNode list = (ArrayNode) node.path("select_list");
    ArrayNode inner =
        (ArrayNode) node.path("from_table").path("subquery").path("node").path("select_list");
    list.remove(0);
    Set<String> read = new HashSet<>();
    addColumns(list, read);
    for (int i = inner.size() - 1; i >= 0 && inner.size() > 1; i--) {
      if (!read.contains(outputName(inner.get(i)))) {
        inner.remove(i);
      }
    }
    return new QueryShape(copy, Set.of());
  }

  /** Returns the names of all columns that it mentions, {@link #folded}. */
  Set<String> columns() {
    Set<String> names = new HashSet<>();
    addColumns(tree, names);
    return names;
  }

  String print(DuckSession session, String stage) {
    return session.print(stage, tree);
  }

  /** Returns a name as SQL compares it. */
  static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String outputName(JsonNode item) {
    String alias = item.path("alias").asText();
    return folded(alias.isEmpty() ? lastName(item) : alias);
  }

  private static String lastName(JsonNode reference) {
    JsonNode names = reference.path("column_names");
    return names.path(names.size() - 1).asText();
  }

  private static void addColumns(JsonNode node, Set<String> names) {
    if (node.path("class").asText().equals("COLUMN_REF")) {
      names.add(folded(lastName(node)));
    }
    for (JsonNode child : node) {
      addColumns(child, names);
    }
  }

  private static ObjectNode reference(ObjectNode node, String column) {
    ObjectNode reference = node.objectNode();
    reference.put("class", "COLUMN_REF").put("type", "COLUMN_REF").put("alias", "");
    reference.put("query_location", 0);
    reference.putArray("column_names").add(column);
    return reference;
  }

  private static boolean isTable(JsonNode node) {
    return node.path("type").asText().equals("BASE_TABLE");
  }

  private static boolean isCall(JsonNode node) {
    return node.path("class").asText().equals("FUNCTION");
  }

  private static String nameOf(JsonNode call) {
    return call.path("function_name").asText();
  }

  private static int calls(JsonNode node, String function) {
    int found = isCall(node) && nameOf(node).equalsIgnoreCase(function) ? 1 : 0;
    for (JsonNode child : node) {
      found += calls(child, function);
    }
    return found;
  }

  private static boolean has(JsonNode node, Predicate<JsonNode> wanted) {
    if (wanted.test(node)) {
      return true;
    }
    for (JsonNode child : node) {
      if (has(child, wanted)) {
        return true;
      }
    }
    return false;
  }
}
