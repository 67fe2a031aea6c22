package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules for any SQL in a definition: it names inputs and tables only, and calls nothing that
 * could give another result when a step is repeated.
 */
final class SqlRules {
  private static final Set<String> VALUES_OF_THE_ENGINE =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "current_user",
          "current_role",
          "current_catalog",
          "current_schema",
          "session_user",
          "user");
  private static final Set<String> WITH_LENGTH = Set.of("repeat", "lpad", "rpad");
  private static final int MOST_CHARACTERS = 10_000;

  private final SqlScope scope;
  private final SqlText text;
  private final String path;
  private final Findings findings;
  private final Set<String> ctes = new HashSet<>();
  private boolean orderMatters;

  SqlRules(SqlScope scope, SqlText text, String path, Findings findings) {
    this.scope = scope;
    this.text = text;
    this.path = path;
    this.findings = findings;
  }

  /** Checks one expression over a row: no subquery, no aggregate. */
  void expression(JsonNode expression) {
    if (new Growth().ofExpression(expression, Growth.Size.ROW).isTooLarge()) {
      refuse(expression, Growth.REFUSAL);
    }
    SqlTree.walkHere(
        expression,
        node -> {
          if (SqlTree.isExpression(node, "SUBQUERY")) {
            refuse(node, "An expectation sees one row: no subquery. Join in a sql stage before.");
          } else if (SqlTree.isExpression(node, "WINDOW")) {
            refuse(node, "An expectation sees one row: no OVER.");
          } else if (isAggregate(node)) {
            refuse(
                node,
                "An expectation sees one row: no aggregate such as '"
                    + node.path("function_name").asText()
                    + "'.");
          } else {
            check(node);
          }
        });
  }

  /**
   * Checks a whole query.
   *
   * @param windowed whether it sees many rows, which come in an order that differs from run to run
   */
  void query(JsonNode root, boolean windowed) {
    orderMatters = windowed;
    SqlTree.walk(
        root, node -> SqlTree.ctes(node).forEach(cte -> ctes.add(Names.folded(cte.name()))));
    SqlTree.walk(root, this::check);
    if (new Growth().ofQuery(root).isTooLarge()) {
      refuse(root, Growth.REFUSAL);
    }
  }

  /** Returns whether {@code node} calls an aggregate, not as a window function. */
  static boolean isAggregate(JsonNode node) {
    if (!SqlTree.isExpression(node, "FUNCTION")) {
      return false;
    }
    Optional<FunctionList.Kind> kind = FunctionList.kind(node.path("function_name").asText());
    return kind.isPresent()
        && (kind.get() == FunctionList.Kind.AGGREGATE
            || kind.get() == FunctionList.Kind.ORDERED_AGGREGATE);
  }

  private void check(JsonNode node) {
    if (SqlTree.isQuery(node)) {
      queryNode(node);
    }
    switch (node.path("class").asText()) {
      case "FUNCTION" -> function(node);
      case "WINDOW" -> window(node);
      case "COLUMN_REF" -> column(node);
      case "PARAMETER" ->
          refuse(node, "Parameters are written ${param:name} and declared under spec.params.");
      default -> {}
    }
    switch (SqlTree.type(node)) {
      case "BASE_TABLE" -> relation(node);
      case "TABLE_FUNCTION" ->
          refuse(
              node,
              "A query reads its inputs and tables only, and no "
                  + node.path("function").path("function_name").asText()
                  + "(…). Declare a source or a table under spec and name it here.");
      case "SHOW_REF", "PIVOT" ->
          refuse(node, "Only a plain SELECT is allowed here: no SHOW, DESCRIBE, PIVOT or UNPIVOT.");
      default -> {}
    }
    if (node.hasNonNull("sample")) {
      refuse(
          node, "A sample is another one each time. Select by a column, as in WHERE id % 10 = 0.");
    }
  }

  private void queryNode(JsonNode query) {
    if (SqlTree.type(query).startsWith("RECURSIVE_CTE")) {
      refuse(query, "A recursive query may never end. Write out its levels as joins.");
    }
    for (SqlTree.Cte cte : SqlTree.ctes(query)) {
      if (scope.names().stream().anyMatch(n -> n.equalsIgnoreCase(cte.name()))
          || scope.other(cte.name()).isPresent()) {
        refuse(
            cte.query(),
            "WITH " + cte.name() + " hides the source, table or stage of that name. Rename it.");
      }
    }
    List<JsonNode> modifiers = SqlTree.modifiers(query);
    boolean ordered = modifiers.stream().anyMatch(m -> SqlTree.type(m).equals("ORDER_MODIFIER"));
    for (JsonNode modifier : modifiers) {
      String type = SqlTree.type(modifier);
      if (orderMatters && type.startsWith("LIMIT") && !ordered) {
        refuse(modifier, "LIMIT without ORDER BY takes whichever rows come first. Add ORDER BY.");
      }
      if (orderMatters
          && type.equals("DISTINCT_MODIFIER")
          && SqlTree.has(modifier, "distinct_on_targets")
          && !ordered) {
        refuse(modifier, "DISTINCT ON without ORDER BY keeps whichever row comes first. Add it.");
      }
    }
  }

  private void function(JsonNode call) {
    String name = call.path("function_name").asText();
    Optional<FunctionList.Kind> kind = FunctionList.kind(name);
    String schema = call.path("schema").asText();
    if (kind.isEmpty()
        || kind.get() == FunctionList.Kind.WINDOW
        || !(schema.isEmpty() || schema.equals("main"))) {
      refuse(
          call,
          kind.filter(k -> k == FunctionList.Kind.WINDOW)
              .map(k -> "Function '" + name + "' needs OVER (… ORDER BY …).")
              .orElseGet(() -> FunctionList.refusal(name)));
      return;
    }
    int arguments = call.path("children").size();
    if (orderMatters
        && kind.get() == FunctionList.Kind.ORDERED_AGGREGATE
        && !SqlTree.has(call.path("order_bys"), "orders")) {
      refuse(
          call,
          "'"
              + name
              + "' depends on the order of rows: write "
              + name
              + "(… ORDER BY event_time), with enough columns to leave no ties.");
    }
    if (Names.folded(name).equals("age") && arguments == 1) {
      refuse(call, FunctionList.refusal("now").replace("'now'", "'age' of one argument"));
    }
    if (WITH_LENGTH.contains(Names.folded(name)) && arguments > 1) {
      length(call, call.path("children").path(1));
    }
  }

  private void length(JsonNode call, JsonNode count) {
    JsonNode value = count.path("value").path("value");
    if (!value.isIntegralNumber() || value.asLong() > MOST_CHARACTERS) {
      refuse(
          call,
          "'"
              + call.path("function_name").asText()
              + "' takes a written number up to "
              + MOST_CHARACTERS
              + " here, so that no row grows without bound.");
    }
  }

  private void window(JsonNode call) {
    String name = call.path("function_name").asText();
    Optional<FunctionList.Kind> kind = FunctionList.kind(name);
    if (kind.isEmpty() || kind.get() == FunctionList.Kind.SCALAR) {
      refuse(call, FunctionList.refusal(name));
      return;
    }
    boolean ordered = SqlTree.has(call, "orders") || SqlTree.has(call, "arg_orders");
    if (orderMatters && kind.get() != FunctionList.Kind.AGGREGATE && !ordered) {
      refuse(call, "'" + name + "' depends on the order of rows: add ORDER BY inside OVER (…).");
    }
  }

  private void column(JsonNode reference) {
    String name = Names.folded(SqlTree.column(reference));
    if (!SqlTree.qualifier(reference).isEmpty() || !VALUES_OF_THE_ENGINE.contains(name)) {
      return;
    }
    boolean everywhere =
        scope.inputs().values().stream().allMatch(s -> Columns.find(s, name).isPresent());
    if (!everywhere) {
      refuse(reference, FunctionList.refusal(name));
    }
  }

  private void relation(JsonNode reference) {
    String name = reference.path("table_name").asText();
    boolean plain =
        reference.path("schema_name").asText().isEmpty()
            && reference.path("catalog_name").asText().isEmpty()
            && !reference.hasNonNull("at_clause");
    if (plain
        && (ctes.contains(Names.folded(name))
            || scope.input(name).isPresent()
            || scope.table(name).isPresent())) {
      return;
    }
    if (plain && scope.other(name).isPresent()) {
      refuse(
          reference,
          "'"
              + name
              + "' is not an input of this stage. Add it: inputs: ["
              + String.join(", ", scope.inputs().keySet())
              + ", "
              + scope.other(name).get()
              + "].");
      return;
    }
    if (!plain) {
      String schema = reference.path("schema_name").asText();
      refuse(
          reference,
          "A query reads inputs and tables by their name alone, and no '"
              + (schema.isEmpty() ? name + " AT" : schema + "." + name)
              + "'. There are: "
              + String.join(", ", scope.names())
              + ".");
      return;
    }
    refuse(
        reference,
        "Unknown table '"
            + name
            + "'."
            + Names.suggestion(name, scope.names())
            + " A query reads the stage's inputs and the definition's tables.");
  }

  private void refuse(JsonNode node, String message) {
    findings.inSql(path, text, SqlTree.offset(node), message);
  }
}
