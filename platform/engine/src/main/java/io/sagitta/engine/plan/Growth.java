package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much larger than its input a value of a query can get, from the syntax tree alone. DuckDB
 * makes the strings of a whole vector of rows at once, outside its memory limit and without looking
 * whether it was interrupted: what is too large has to be refused before it runs.
 *
 * <p>A size is a factor on the bytes of a row, and characters that come on top. It is an upper
 * bound: numbers count like the text they were made of.
 */
final class Growth {
  /** Far above what any honest query needs, and far below what a process has no memory for. */
  static final double MOST_FACTOR = 1_000;

  static final double MOST_CHARACTERS = 65_536;

  static final String REFUSAL =
      "A value can get more than a thousand times as large as its row here, or as 65,536 characters,"
          + " and a process has no memory for that. Append, repeat or replace less, and cut what is put in"
          + " for each match or element, as in left(name, 100).";

  private static final Set<String> APPEND =
      Set.of(
          "||",
          "concat",
          "concat_ws",
          "list_concat",
          "list_value",
          "list_pack",
          "array_value",
          "row",
          "struct_pack",
          "json_array",
          "json_object",
          "json_merge_patch",
          "+");

  /** Functions whose result has one size, whatever they are given. */
  private static final Set<String> FIXED =
      Set.of("length", "strlen", "len", "md5", "sha1", "sha256", "strpos", "position", "instr");

  /** What replaces each match of the second argument by the third. */
  private static final Set<String> REPLACE = Set.of("replace", "regexp_replace");

  private static final Set<String> PAD = Set.of("lpad", "rpad");

  /** At most six characters a byte: hexadecimal, binary, percent signs, JSON's escapes. */
  private static final Map<String, Integer> ENCODE =
      Map.of(
          "bin",
          8,
          "hex",
          2,
          "to_hex",
          2,
          "url_encode",
          3,
          "to_base64",
          2,
          "base64",
          2,
          "to_json",
          6,
          "json_quote",
          6,
          "regexp_escape",
          2,
          "translate",
          4);

  /** Lambdas that see their own result again. */
  private static final Set<String> REDUCE = Set.of("list_reduce", "array_reduce", "reduce");

  private static final Set<String> FILTER = Set.of("list_filter", "array_filter", "filter");

  private final Map<String, Size> relations = new HashMap<>();

  /**
   * A bound.
   *
   * @param factor on the bytes of a row
   * @param characters on top of that
   */
  record Size(double factor, double characters) {
    private static final Size NONE = new Size(0, 0);
    static final Size ROW = new Size(1, 0);
    private static final Size ENDLESS = new Size(Double.POSITIVE_INFINITY, 0);

    private Size plus(Size other) {
      return new Size(factor + other.factor, characters + other.characters);
    }

    private Size times(double count) {
      return new Size(factor * count, characters * count);
    }

    private Size or(Size other) {
      return new Size(Math.max(factor, other.factor), Math.max(characters, other.characters));
    }

    /** Returns whether no honest query is as large. */
    boolean isTooLarge() {
      return !(factor <= MOST_FACTOR && characters <= MOST_CHARACTERS);
    }
  }

  /** Returns how large a value of {@code query} can get. */
  Size ofQuery(JsonNode query) {
    SqlTree.ctes(query)
        .forEach(cte -> relations.put(Names.folded(cte.name()), ofQuery(cte.query())));
    Size from = Size.NONE;
    if (query.has("from_table")) {
      for (JsonNode relation : SqlTree.leaves(query.path("from_table"))) {
        from = from.or(ofRelation(relation));
      }
    }
    Size largest = from;
    for (String side : new String[] {"left", "right"}) {
      if (SqlTree.isQuery(query.path(side))) {
        largest = largest.or(ofQuery(query.path(side)));
      }
    }
    for (JsonNode child : query.path("children")) {
      if (SqlTree.isQuery(child)) {
        largest = largest.or(ofQuery(child));
      }
    }
    for (String part : new String[] {"select_list", "where_clause", "having", "qualify"}) {
      largest = largest.or(largestOf(query.path(part), from));
    }
    for (JsonNode modifier : SqlTree.modifiers(query)) {
      largest = largest.or(largestOf(modifier, from));
    }
    return largest;
  }

  private Size ofRelation(JsonNode relation) {
    if (SqlTree.type(relation).equals("SUBQUERY")) {
      return ofQuery(relation.path("subquery").path("node"));
    }
    return relations.getOrDefault(Names.folded(relation.path("table_name").asText()), Size.ROW);
  }

  /** Returns the largest of all expressions at or below {@code node}. */
  private Size largestOf(JsonNode node, Size row) {
    if (node.isObject() && node.has("class")) {
      return ofExpression(node, row);
    }
    Size largest = Size.NONE;
    for (JsonNode child : node) {
      largest = largest.or(largestOf(child, row));
    }
    return largest;
  }

  /**
   * Returns how large a value of {@code expression} can get.
   *
   * @param row how large a column can be
   */
  Size ofExpression(JsonNode expression, Size row) {
    return switch (expression.path("class").asText()) {
      case "COLUMN_REF", "STAR" -> row;
      case "CONSTANT" -> new Size(0, expression.path("value").path("value").asText().length());
      case "SUBQUERY" -> ofQuery(expression.path("subquery").path("node"));
      case "FUNCTION" -> ofCall(expression, row);
      default -> ofParts(expression, row);
    };
  }

  private Size ofParts(JsonNode expression, Size row) {
    Size largest = Size.NONE;
    for (JsonNode part : expression) {
      if (part.isObject() || part.isArray()) {
        largest = largest.or(largestOf(part, row));
      }
    }
    return largest;
  }

  /** Looks at each argument once: trees are as deep as authors like. */
  private Size ofCall(JsonNode call, Size row) {
    String name = Names.folded(call.path("function_name").asText());
    List<JsonNode> arguments = SqlTree.items(call.path("children"));
    List<Size> sizes = new ArrayList<>();
    for (JsonNode argument : arguments) {
      sizes.add(isLambda(argument) ? Size.NONE : ofExpression(argument, row));
    }
    Size largest = largestOf(call.path("order_bys"), row).or(largestOf(call.path("filter"), row));
    for (Size size : sizes) {
      largest = largest.or(size);
    }
    if (largest.isTooLarge() || sizes.isEmpty()) {
      return largest;
    }
    Size first = sizes.get(0);
    if (FIXED.contains(name)) {
      return new Size(0, 64);
    } else if (Cut.characters(call).isPresent() && first.factor() > 0) {
      return new Size(0, 4.0 * Cut.characters(call).getAsLong());
    } else if (APPEND.contains(name)) {
      return sizes.stream().reduce(Size.NONE, Size::plus);
    } else if (name.equals("repeat")) {
      return first.times(written(arguments));
    } else if (PAD.contains(name)) {
      return first.or(new Size(0, 4 * written(arguments)));
    } else if (REPLACE.contains(name) && sizes.size() > 2) {
      return replaced(first, sizes.get(2));
    } else if (name.equals("array_to_string") && sizes.size() > 1) {
      return replaced(first, sizes.get(1));
    }
    Size made = largest.times(ENCODE.getOrDefault(name, 1));
    for (JsonNode argument : arguments) {
      if (isLambda(argument)) {
        made = made.or(ofLambda(name, argument, first));
      }
    }
    return made;
  }

  private static boolean isLambda(JsonNode argument) {
    return SqlTree.isExpression(argument, "LAMBDA");
  }

  /** A match can be of one character, or of none; by a column, each by that column. */
  private static Size replaced(Size text, Size by) {
    return by.factor() > 0 && text.factor() > 0
        ? Size.ENDLESS
        : text.times(1 + by.characters() + by.factor()).plus(by);
  }

  private Size ofLambda(String name, JsonNode lambda, Size list) {
    if (FILTER.contains(name)) {
      return list.or(ofExpression(lambda.path("expr"), Size.ROW));
    }
    return REDUCE.contains(name) ? reduced(lambda, list) : each(lambda, list);
  }

  private Size each(JsonNode lambda, Size list) {
    Size made = ofExpression(lambda.path("expr"), Size.ROW);
    if (Captured.in(lambda)) {
      return Size.ENDLESS;
    }
    return list.times(Math.max(1, made.factor()) * (1 + made.characters()));
  }

  /** Each element could make the result so many times larger than the one before. */
  private Size reduced(JsonNode lambda, Size list) {
    return ofExpression(lambda.path("expr"), Size.ROW).factor() > 2
            || Captured.in(lambda)
            || repeatsItsResult(lambda)
        ? Size.ENDLESS
        : list.times(2);
  }

  /** Returns whether a lambda appends its first parameter to itself. */
  private boolean repeatsItsResult(JsonNode lambda) {
    String first = firstParameter(lambda.path("lhs"));
    return appends(lambda.path("expr"), first) > 1;
  }

  private static String firstParameter(JsonNode parameters) {
    String[] found = {""};
    SqlTree.walk(
        parameters,
        node -> {
          if (found[0].isEmpty() && SqlTree.isExpression(node, "COLUMN_REF")) {
            found[0] = SqlTree.column(node);
          }
        });
    return found[0];
  }

  private static int appends(JsonNode node, String name) {
    if (SqlTree.isExpression(node, "COLUMN_REF")) {
      return SqlTree.column(node).equalsIgnoreCase(name) ? 1 : 0;
    }
    boolean sum =
        SqlTree.isExpression(node, "FUNCTION")
            && APPEND.contains(Names.folded(node.path("function_name").asText()))
            && !node.path("function_name").asText().equals("+");
    int all = 0;
    for (JsonNode child : node) {
      int of = appends(child, name);
      all = sum || node.isArray() ? all + of : Math.max(all, of);
    }
    return all;
  }

  /** A count that is not written is refused elsewhere. */
  private static double written(List<JsonNode> arguments) {
    return arguments.size() < 2
        ? 1
        : Math.max(1, arguments.get(1).path("value").path("value").asDouble(1));
  }
}
