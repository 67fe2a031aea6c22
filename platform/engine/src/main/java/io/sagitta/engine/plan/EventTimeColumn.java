package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.engine.WireSchemas;
import java.util.List;
import java.util.Optional;

/**
 * Carries {@code event_time} through a row-local query whose author did not select it, from the
 * input through every CTE and subquery on the way to the result.
 */
final class EventTimeColumn {
  private EventTimeColumn() {}

  /** Adds {@code event_time} to the select lists of {@code root} that lack it. */
  static void keep(JsonNode root, String input) {
    keep(root, input, List.of());
  }

  /** Returns whether rows of {@code input} now flow through {@code query} with their time. */
  private static boolean keep(JsonNode query, String input, List<SqlTree.Cte> outer) {
    if (!SqlTree.isSelect(query)) {
      return false;
    }
    List<SqlTree.Cte> ctes = new java.util.ArrayList<>(outer);
    ctes.addAll(SqlTree.ctes(query));
    for (JsonNode leaf : SqlTree.leaves(query.path("from_table"))) {
      if (carries(leaf, input, ctes)) {
        select(query, SqlTree.aliasOrName(leaf));
        return true;
      }
    }
    return false;
  }

  private static boolean carries(JsonNode leaf, String input, List<SqlTree.Cte> ctes) {
    if (SqlTree.type(leaf).equals("SUBQUERY")) {
      return keep(leaf.path("subquery").path("node"), input, ctes);
    }
    if (!SqlTree.isTable(leaf)) {
      return false;
    }
    String name = leaf.path("table_name").asText();
    Optional<SqlTree.Cte> cte =
        ctes.stream().filter(c -> c.name().equalsIgnoreCase(name)).findFirst();
    return cte.isPresent() ? keep(cte.get().query(), input, ctes) : name.equalsIgnoreCase(input);
  }

  private static void select(JsonNode query, String relation) {
    ArrayNode list = (ArrayNode) query.path("select_list");
    for (JsonNode item : list) {
      if (yields(item, relation)) {
        return;
      }
    }
    ObjectNode column = list.addObject();
    column.put("class", "COLUMN_REF").put("type", "COLUMN_REF").put("alias", "");
    ArrayNode names = column.putArray("column_names");
    if (!relation.isEmpty()) {
      names.add(relation);
    }
    names.add(WireSchemas.EVENT_TIME);
  }

  private static boolean yields(JsonNode item, String relation) {
    String alias = item.path("alias").asText();
    if (SqlTree.isExpression(item, "STAR")) {
      String of = item.path("relation_name").asText();
      boolean excluded =
          item.path("exclude_list").toString().contains(WireSchemas.EVENT_TIME)
              || item.path("qualified_exclude_list").toString().contains(WireSchemas.EVENT_TIME);
      return (of.isEmpty() || of.equalsIgnoreCase(relation))
          && !item.path("columns").asBoolean()
          && !excluded;
    }
    if (alias.isEmpty()) {
      return SqlTree.isExpression(item, "COLUMN_REF")
          && SqlTree.column(item).equalsIgnoreCase(WireSchemas.EVENT_TIME);
    }
    return alias.equalsIgnoreCase(WireSchemas.EVENT_TIME);
  }
}
