package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.definition.Spec.Mode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules for a query without a window, which sees rows in batches of any size and must make of
 * each row what it would make of it alone.
 *
 * <p>So the input stands once in FROM, maybe inside CTEs and subqueries, and on that way nothing
 * looks at several rows. Tables may be joined to it where at most one of their rows matches.
 */
final class RowLocalRules {
  private final SqlScope scope;
  private final SqlText text;
  private final String path;
  private final Findings findings;
  private final Carriers carriers;
  private final TableJoins joins;
  private final String windowFirst;

  RowLocalRules(
      JsonNode root, SqlScope scope, SqlText text, String path, Mode mode, Findings findings) {
    this.windowFirst =
        switch (mode) {
          case STREAMING -> " Give the stage a window, such as {tumbling: 1h}.";
          case BATCH -> " Give the stage a key, which may be [], to see its whole input at once.";
        };
    this.scope = scope;
    this.text = text;
    this.path = path;
    this.findings = findings;
    this.carriers = new Carriers(root, scope);
    this.joins = new TableJoins(scope, text, path, findings);
  }

  /**
   * Checks a whole query.
   *
   * @param knownNames whether it names only what there is, so that a missing input is news
   */
  void check(JsonNode root, boolean knownNames) {
    if (readsInputOnce(root, knownNames)) {
      way(root);
    }
  }

  private boolean readsInputOnce(JsonNode root, boolean knownNames) {
    String input = scope.inputs().keySet().iterator().next();
    Map<String, Integer> counts = new HashMap<>();
    boolean once = true;
    for (JsonNode reference : carriers.references(root)) {
      String name = Names.folded(reference.path("table_name").asText());
      if (counts.merge(name, 1, Integer::sum) == 2) {
        refuse(
            reference,
            "Without a window a query reads each row once, and '"
                + name
                + "' stands here a second time: the rows to match may be in another batch."
                + windowFirst);
        once = false;
      }
    }
    if (!carriers.reads(root)) {
      if (knownNames) {
        refuse(root, "The query does not read its input: write FROM " + input + ".");
      }
      once = false;
    }
    return once;
  }

  /** Checks a query node through which the input's rows pass. */
  private void way(JsonNode query) {
    if (!SqlTree.isSelect(query)) {
      refuse(
          query,
          "Without a window there is no UNION, EXCEPT or INTERSECT: publish two stages to one stream"
              + " instead.");
      return;
    }
    modifiers(query);
    grouping(query);
    for (String part : List.of("select_list", "from_table", "where_clause")) {
      SqlTree.walkHere(query.path(part), this::expression);
    }
    List<JsonNode> carrying =
        SqlTree.leaves(query.path("from_table")).stream().filter(carriers::reads).toList();
    if (carrying.isEmpty()) {
      String input = scope.inputs().keySet().iterator().next();
      refuse(query, "This SELECT does not read the input: write FROM " + input + ".");
      return;
    }
    joins(query.path("from_table"));
    carrying.forEach(this::follow);
  }

  private void follow(JsonNode leaf) {
    if (SqlTree.type(leaf).equals("SUBQUERY")) {
      way(leaf.path("subquery").path("node"));
    }
    carriers.cte(leaf).ifPresent(this::way);
  }

  private void joins(JsonNode from) {
    if (!SqlTree.type(from).equals("JOIN")) {
      return;
    }
    boolean left = carriers.reads(from.path("left"));
    joins.check(from, left);
    joins(from.path(left ? "left" : "right"));
  }

  private void modifiers(JsonNode query) {
    for (JsonNode modifier : SqlTree.modifiers(query)) {
      switch (SqlTree.type(modifier)) {
        case "DISTINCT_MODIFIER" ->
            refuse(
                query,
                "DISTINCT looks at many rows, and without a window they come in pieces. Use a"
                    + " dedupe stage.");
        case "ORDER_MODIFIER" ->
            refuse(
                modifier,
                "ORDER BY has no meaning without a window: rows never all are there."
                    + " Drop it, or give the stage a window.");
        default ->
            refuse(
                modifier,
                "LIMIT and OFFSET have no meaning without a window: rows come without end."
                    + windowFirst);
      }
    }
  }

  private void grouping(JsonNode query) {
    if (SqlTree.has(query, "group_expressions")
        || !query.path("aggregate_handling").asText().equals("STANDARD_HANDLING")) {
      JsonNode at = query.path("group_expressions");
      refuse(
          at.isEmpty() ? query : at,
          "GROUP BY looks at many rows, and without a window they come in pieces." + windowFirst);
    }
    if (SqlTree.has(query, "having")) {
      refuse(query.path("having"), "HAVING needs GROUP BY, and that a window. Use WHERE.");
    }
    if (SqlTree.has(query, "qualify")) {
      refuse(
          query.path("qualify"),
          "QUALIFY looks at many rows, and without a window they come in pieces." + windowFirst);
    }
  }

  private void expression(JsonNode node) {
    if (SqlRules.isAggregate(node)) {
      refuse(
          node,
          "'"
              + node.path("function_name").asText().replace("count_star", "count")
              + "' looks at many rows, and without a window they come in pieces."
              + windowFirst);
    } else if (SqlTree.isExpression(node, "WINDOW")) {
      refuse(
          node, "OVER looks at many rows, and without a window they come in pieces." + windowFirst);
    } else if (SqlTree.isExpression(node, "SUBQUERY") && carriers.reads(node.path("subquery"))) {
      refuse(
          node,
          "Without a window a subquery reads tables only: not all rows of the input are there."
              + windowFirst);
    }
  }

  private void refuse(JsonNode node, String message) {
    findings.inSql(path, text, SqlTree.offset(node), message);
  }
}
