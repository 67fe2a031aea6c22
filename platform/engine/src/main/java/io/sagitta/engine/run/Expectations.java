package io.sagitta.engine.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.definition.DefinitionTest;
import io.sagitta.definition.Stream;
import io.sagitta.engine.Plan;
import io.sagitta.engine.run.DefinitionTests.Difference;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows with those that a test expects. Their order does not matter, since a window's rows
 * have none; a row need not name every column; floats are equal if they differ by a billionth.
 */
final class Expectations {
  private static final double TOLERANCE = 1e-9;

  private final Plan plan;
  private final TestResults results;

  Expectations(Plan plan, TestResults results) {
    this.plan = plan;
    this.results = results;
  }

  List<Difference> check(DefinitionTest test) {
    List<Difference> differences = new ArrayList<>();
    test.expect()
        .forEach(
            (name, rows) ->
                differences.addAll(compare(test.path() + ".expect." + name, rows, actual(name))));
    return differences;
  }

  private List<Map<String, JsonNode>> actual(String name) {
    Stream stream = plan.definition().spec().streams().get(name);
    boolean isStage = plan.definition().spec().stages().containsKey(name);
    return stream == null || isStage
        ? results.of(name)
        : stream.inputs().stream().flatMap(input -> results.of(input).stream()).toList();
  }

  private static List<Difference> compare(
      String path,
      List<Map<String, @Nullable Object>> expected,
      List<Map<String, JsonNode>> actual) {
    List<Map<String, JsonNode>> rest = new ArrayList<>(actual);
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      Map<String, @Nullable Object> row = expected.get(i);
      Optional<Map<String, JsonNode>> same =
          rest.stream().filter(a -> differences("", 0, row, a).isEmpty()).findFirst();
      if (same.isPresent()) {
        removeSame(rest, same.get());
      } else {
        missing.add(i);
      }
    }
    List<Difference> differences = new ArrayList<>();
    for (int i : missing) {
      String at = path + "[" + i + "]";
      if (rest.isEmpty()) {
        differences.add(new Difference(at, i, "", expected.get(i).toString(), "no such row"));
      } else {
        Map<String, JsonNode> nearest = nearest(expected.get(i), rest);
        removeSame(rest, nearest);
        differences.addAll(differences(at, i, expected.get(i), nearest));
      }
    }
    rest.forEach(
        row -> differences.add(new Difference(path, -1, "", "no such row", row.toString())));
    return differences;
  }

  /** Removes this very row, not the first that equals it. */
  private static void removeSame(List<Map<String, JsonNode>> rows, Map<String, JsonNode> row) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i) == row) {
        rows.remove(i);
        return;
      }
    }
  }

  private static Map<String, JsonNode> nearest(
      Map<String, @Nullable Object> expected, List<Map<String, JsonNode>> rows) {
    Map<String, JsonNode> nearest = rows.get(0);
    int fewest = Integer.MAX_VALUE;
    for (Map<String, JsonNode> row : rows) {
      int found = differences("", 0, expected, row).size();
      if (found < fewest) {
        fewest = found;
        nearest = row;
      }
    }
    return nearest;
  }

  private static List<Difference> differences(
      String path, int row, Map<String, @Nullable Object> expected, Map<String, JsonNode> actual) {
    List<Difference> differences = new ArrayList<>();
    expected.forEach(
        (column, value) -> {
          JsonNode found = actual.get(column);
          if (found == null) {
            differences.add(new Difference(path, row, column, text(value), "no such column"));
          } else if (!same(value, found)) {
            differences.add(new Difference(path, row, column, text(value), found.toString()));
          }
        });
    return differences;
  }

  private static String text(@Nullable Object value) {
    return value instanceof String s ? '"' + s + '"' : String.valueOf(value);
  }

  private static boolean same(@Nullable Object expected, JsonNode actual) {
    if (expected == null || actual.isNull()) {
      return expected == null && actual.isNull();
    }
    if (expected instanceof Boolean bool) {
      return actual.isBoolean() && actual.asBoolean() == bool;
    }
    if (expected instanceof Number number && actual.isNumber()) {
      return sameNumber(new BigDecimal(number.toString()), actual);
    }
    String text = expected.toString();
    return text.equals(actual.asText()) || sameInstant(text, actual.asText());
  }

  private static boolean sameNumber(BigDecimal expected, JsonNode actual) {
    BigDecimal found = actual.decimalValue();
    if (actual.isIntegralNumber()) {
      return expected.compareTo(found) == 0;
    }
    double allowed = TOLERANCE * Math.max(1, Math.abs(expected.doubleValue()));
    return expected.subtract(found).abs().doubleValue() <= allowed;
  }

  private static boolean sameInstant(String expected, String actual) {
    try {
      return OffsetDateTime.parse(expected.replace(' ', 'T'))
          .toInstant()
          .equals(Instant.parse(actual));
    } catch (DateTimeException e) {
      return false;
    }
  }
}
