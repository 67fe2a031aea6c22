package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds columns of a row that a lambda puts into its result: they come once for each element, which
 * makes of a row of 100 kB ten gigabytes.
 */
final class Captured {
  /** What yields a number or a truth, however large its arguments are. */
  private static final Set<String> SMALL =
      Set.of("length", "strlen", "len", "strpos", "position", "instr", "-", "*", "/", "//", "%");

  private Captured() {}

  /** Returns whether {@code lambda} yields columns that are none of its parameters. */
  static boolean in(JsonNode lambda) {
    return in(lambda, Set.of());
  }

  private static boolean in(JsonNode lambda, Set<String> around) {
    Set<String> parameters = new HashSet<>(around);
    SqlTree.walk(
        lambda.path("lhs"),
        node -> {
          if (SqlTree.isExpression(node, "COLUMN_REF")) {
            parameters.add(Names.folded(SqlTree.column(node)));
          }
        });
    return yields(lambda.path("expr"), parameters);
  }

  private static boolean yields(JsonNode node, Set<String> parameters) {
    switch (node.path("class").asText()) {
      case "COLUMN_REF" -> {
        String qualifier = SqlTree.qualifier(node);
        String first = qualifier.isEmpty() ? SqlTree.column(node) : qualifier;
        return !parameters.contains(Names.folded(first));
      }
      case "LAMBDA" -> {
        return in(node, parameters);
      }
      case "COMPARISON", "CONJUNCTION", "BETWEEN" -> {
        return false;
      }
      case "CAST" -> {
        if (isNumber(node)) {
          return false;
        }
      }
      case "FUNCTION" -> {
        if (SMALL.contains(Names.folded(node.path("function_name").asText()))
            || Cut.characters(node).isPresent()) {
          return false;
        }
      }
      default -> {}
    }
    for (JsonNode child : node) {
      if (yields(child, parameters)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether {@code cast} makes a number. */
  private static boolean isNumber(JsonNode cast) {
    return Set.of(
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
        .contains(cast.path("cast_type").path("id").asText());
  }
}
