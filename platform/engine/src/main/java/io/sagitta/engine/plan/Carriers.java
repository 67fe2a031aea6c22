package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells which parts of a query read rows of the stage's inputs, directly or through a CTE. */
final class Carriers {
  private final SqlScope scope;
  private final Map<String, JsonNode> ctes = new HashMap<>();

  Carriers(JsonNode root, SqlScope scope) {
    this.scope = scope;
    SqlTree.walk(
        root,
        node -> SqlTree.ctes(node).forEach(cte -> ctes.put(Names.folded(cte.name()), cte.query())));
  }

  /** Returns whether {@code node}, or anything in it, reads an input. */
  boolean reads(JsonNode node) {
    return reads(node, new HashSet<>());
  }

  private boolean reads(JsonNode node, Set<String> visited) {
    List<JsonNode> relations = new ArrayList<>();
    SqlTree.walk(
        node,
        part -> {
          if (SqlTree.isTable(part)) {
            relations.add(part);
          }
        });
    return relations.stream().anyMatch(relation -> isCarrier(relation, visited));
  }

  private boolean isCarrier(JsonNode relation, Set<String> visited) {
    Optional<JsonNode> cte = cte(relation);
    if (cte.isEmpty()) {
      return scope.input(relation.path("table_name").asText()).isPresent();
    }
    return visited.add(Names.folded(relation.path("table_name").asText()))
        && reads(cte.get(), visited);
  }

  /** Returns the query of the CTE that a relation names. */
  Optional<JsonNode> cte(JsonNode relation) {
    return SqlTree.isTable(relation)
        ? Optional.ofNullable(ctes.get(Names.folded(relation.path("table_name").asText())))
        : Optional.empty();
  }

  /** Returns every reference in {@code root} to an input, or to a CTE that reads one. */
  List<JsonNode> references(JsonNode root) {
    List<JsonNode> found = new ArrayList<>();
    SqlTree.walk(
        root,
        node -> {
          if (SqlTree.isTable(node) && reads(node)) {
            found.add(node);
          }
        });
    return found;
  }
}
