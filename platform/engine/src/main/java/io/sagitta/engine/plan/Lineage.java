package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.engine.WireSchemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a query's columns inherit from those that it reads: that people must not see them, and the
 * unit of their numbers.
 *
 * <p>It goes by names, over the whole query at once. Doubt makes a column sensitive, and takes its
 * unit away.
 */
final class Lineage {
  /** Aggregates of which the result is a value like those that went in. */
  private static final Set<String> KEEP_UNIT =
      Set.of(
          "min",
          "max",
          "avg",
          "mean",
          "sum",
          "median",
          "mode",
          "quantile_cont",
          "quantile_disc",
          "first",
          "last",
          "lag",
          "lead",
          "first_value",
          "last_value",
          "coalesce");

  private final Map<String, List<JsonNode>> definitions = new TreeMap<>(order());
  private final Map<String, List<Optional<String>>> declared = new TreeMap<>(order());
  private final Set<String> sensitive = new TreeSet<>(order());
  private final boolean renames;

  Lineage(JsonNode root, SqlScope scope) {
    Set<String> relations = new TreeSet<>(order());
    boolean[] byPosition = {false};
    SqlTree.walk(
        root,
        node -> {
          if (SqlTree.isTable(node)) {
            String name = node.path("table_name").asText();
            scope.input(name).map(scope.inputs()::get).ifPresent(this::declare);
            scope.table(name).map(scope.tables()::get).ifPresent(this::declare);
            relations.add(name);
          }
          if (!node.has("class") && !node.path("alias").asText().isEmpty()) {
            relations.add(node.path("alias").asText());
          }
          byPosition[0] |= renamesByPosition(node);
          if (node.has("class") && !node.path("alias").asText().isEmpty()) {
            definitions
                .computeIfAbsent(node.path("alias").asText(), a -> new ArrayList<>())
                .add(node);
          }
        });
    renames = byPosition[0];
    if (!sensitive.isEmpty()) {
      // A relation's name alone stands for its whole row.
      sensitive.addAll(relations);
      spread();
    }
  }

  /** Returns what is known of the column {@code name} of the result. */
  Map<String, String> of(String name, boolean numeric) {
    Map<String, String> metadata = new TreeMap<>();
    if (!sensitive.isEmpty() && (renames || sensitive.contains(name))) {
      metadata.put(WireSchemas.SENSITIVE, "true");
    }
    if (numeric && !renames) {
      unit(name, new HashSet<>()).ifPresent(unit -> metadata.put(WireSchemas.UNIT, unit));
    }
    return metadata;
  }

  private void declare(Schema schema) {
    for (Field field : schema.getFields()) {
      declared
          .computeIfAbsent(field.getName(), n -> new ArrayList<>())
          .add(Optional.ofNullable(field.getMetadata().get(WireSchemas.UNIT)));
      if (WireSchemas.isSensitive(field)) {
        sensitive.add(field.getName());
      }
    }
  }

  /** Whether columns get names here without AS: then no name says where a value came from. */
  private static boolean renamesByPosition(JsonNode node) {
    boolean unnamed =
        SqlTree.isSelect(node)
            && SqlTree.selectList(node).stream()
                .anyMatch(
                    item ->
                        item.path("alias").asText().isEmpty()
                            && !SqlTree.isExpression(item, "COLUMN_REF")
                            && !SqlTree.isExpression(item, "STAR"));
    return unnamed
        || SqlTree.has(node, "column_name_alias")
        || SqlTree.has(node, "aliases")
        || SqlTree.has(node, "replace_list")
        || SqlTree.has(node, "rename_list")
        || node.has("setop_type")
        || node.path("columns").asBoolean();
  }

  private void spread() {
    int before;
    do {
      before = sensitive.size();
      definitions.forEach(
          (alias, expressions) -> {
            if (expressions.stream().anyMatch(this::readsSensitive)) {
              sensitive.add(alias);
            }
          });
    } while (sensitive.size() > before);
  }

  private boolean readsSensitive(JsonNode expression) {
    boolean[] found = {false};
    SqlTree.walk(
        expression,
        node ->
            node.path("column_names")
                .forEach(part -> found[0] |= sensitive.contains(part.asText())));
    return found[0];
  }

  private Optional<String> unit(String name, Set<String> visiting) {
    if (!visiting.add(Names.folded(name))) {
      return Optional.empty();
    }
    List<Optional<String>> units = new ArrayList<>(declared.getOrDefault(name, List.of()));
    for (JsonNode definition : definitions.getOrDefault(name, List.of())) {
      Optional<JsonNode> column = unchanged(definition);
      boolean itself =
          column.isPresent() && visiting.contains(Names.folded(SqlTree.column(column.get())));
      if (!itself) {
        units.add(column.flatMap(c -> unit(SqlTree.column(c), visiting)));
      }
    }
    visiting.remove(Names.folded(name));
    Set<Optional<String>> different = new HashSet<>(units);
    return different.size() == 1 ? different.iterator().next() : Optional.empty();
  }

  /** Returns the column whose values {@code expression} yields, maybe picked or averaged. */
  private static Optional<JsonNode> unchanged(JsonNode expression) {
    if (SqlTree.isExpression(expression, "COLUMN_REF")) {
      return Optional.of(expression);
    }
    boolean picks = KEEP_UNIT.contains(Names.folded(expression.path("function_name").asText()));
    JsonNode first = expression.path("children").path(0);
    return picks && SqlTree.isExpression(first, "COLUMN_REF")
        ? Optional.of(first)
        : Optional.empty();
  }

  private static java.util.Comparator<String> order() {
    return String.CASE_INSENSITIVE_ORDER;
  }
}
