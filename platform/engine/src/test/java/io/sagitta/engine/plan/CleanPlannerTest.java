package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.Problem;
import io.sagitta.engine.Plan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanPlannerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "distnce | km | 'flights' has no column 'distnce'. Did you mean 'distance'?",
        "distance | klm | unknown unit 'klm'. Did you mean 'km'?",
        "distance | KM | unknown unit 'KM'. Did you mean 'km'?",
        "distance | hPa | column 'distance' is in mi, a length, and hPa is a pressure. Name a unit of"
            + " length",
        "origin | km | column 'origin' of 'flights' has no declared unit. Declare it:"
            + " spec.sources.flights.schema.origin: {…, unit: km}, with the unit that the values"
            + " come in",
      })
  void plan_badUnit_saysWhatAndHow(String column, String unit, String message) {
    var definitions =
        Definitions.flights().clean("c", "flights", Map.of(column, unit), Map.of()).stream(
            "out", List.of("c"));
    assertThat(definitions.plan().problems()).extracting(Problem::message).containsExactly(message);
  }

  @Test
  void plan_fahrenheitToPascal_saysBothQuantities() {
    var definitions =
        new Definitions()
            .source("s", "", "t double °F").clean("c", "s", Map.of("t", "Pa"), Map.of()).stream(
                "out", List.of("c"));
    assertThat(definitions.plan().problems())
        .extracting(Problem::message)
        .containsExactly(
            "column 't' is in °F, a temperature, and Pa is a pressure. Name a unit of temperature");
  }

  @Test
  void plan_unknownDeclaredUnit_isFoundAtItsDeclaration() {
    var definitions = new Definitions().source("s", "", "t double °X").stream("out", List.of("s"));
    assertThat(definitions.plan().problems())
        .extracting(Problem::message)
        .containsExactly("unknown unit '°X'. Did you mean '°'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      value = {
        "distnce > 0  ^  unknown column 'distnce'. Did you mean 'distance'?",
        "distance  ^  an expectation is true or false, and this is a INTEGER. Compare it, as in x > 0",
        "distance > 0 FROM flights WHERE (1 = 1) --  ^  an expectation is one condition over the row, such as distance > 0",
        "distance > 0, delay > 0  ^  an expectation is one condition over the row, such as distance > 0",
        "distance > 0; DROP TABLE flights  ^  an expectation is one condition over the row, such as distance > 0",
        "distance > 0 AS x  ^  an expectation is one condition over the row, such as distance > 0",
        "*  ^  an expectation is one condition over the row, such as distance > 0",
        "distance > (SELECT avg(elevation) FROM airports)  ^  an expectation sees one row: no subquery. Join in a sql stage before",
        "sum(distance) > 0  ^  an expectation sees one row: no aggregate such as 'sum'",
        "row_number() OVER () = 1  ^  an expectation sees one row: no OVER",
        "date < now()  ^  function 'now' reads the clock, and a step that is repeated must give the same rows. Use event_time, or window_end in a window",
        "random() < 0.5  ^  function 'random' gives another value each time, and a step that is repeated must give the same rows. For a stable id hash the columns that identify a row: md5(a || '|' || b)",
        "distance >  ^  an expectation is one condition over the row, such as distance > 0",
        "origin + 1 > 0  ^  '+' does not take (string, int32). Cast one side, as in CAST(x AS DOUBLE)",
      })
  void plan_badExpectation_saysWhatAndHow(String written, String message) {
    var definitions =
        Definitions.flights().clean("c", "flights", Map.of(), Map.of("is good", written)).stream(
            "out", List.of("c"));
    assertThat(definitions.plan().problems()).extracting(Problem::message).containsExactly(message);
  }

  @Test
  void plan_severalMistakes_reportsAll() {
    var definitions =
        Definitions.flights()
            .clean(
                "c",
                "flights",
                Map.of("distance", "kg"),
                Map.of("a", "dely > 0", "b", "orgin = 'X'"))
            .stream("out", List.of("c"));
    assertThat(definitions.plan().problems()).hasSize(3);
  }

  @Test
  void query_conversionsAndExpectations_giveValuesAndReasons() throws SQLException {
    Plan plan =
        PlannerTest.accepted(
            Definitions.flights()
                .clean(
                    "c",
                    "flights",
                    new java.util.LinkedHashMap<>(Map.of("distance", "km", "delay", "s")),
                    ordered(
                        "distance is positive", "distance > 0",
                        "origin is a number", "CAST(origin AS INTEGER) > 0"))
                .stream("out", List.of("c")));
    assertThat(PlannerTest.columns(plan, "c")).contains("distance double km", "delay double s");
    List<String> rows = new ArrayList<>();
    try (var connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE flights AS SELECT TIMESTAMPTZ '2001-01-01 00:00:00Z' AS date, * FROM"
              + " (VALUES (33, 2176, '1'), (33, 0, 'x'), (NULL, NULL, NULL), (1, 1, 'x'))"
              + " t(delay, distance, origin), (VALUES ('PHL')) u(destination), (VALUES (TIMESTAMPTZ"
              + " '2001-01-01 00:00:00Z')) v(event_time)");
      try (var answer = statement.executeQuery(plan.queries().get("c"))) {
        while (answer.next()) {
          rows.add(
              answer.getString("distance")
                  + " "
                  + answer.getString("delay")
                  + " "
                  + answer.getString(CleanPlanner.REASON));
        }
      }
    }
    assertThat(rows)
        .containsExactly(
            "3501.932544 1980.0 null",
            "0.0 1980.0 distance is positive",
            "null null null",
            "1.609344 60.0 origin is a number");
  }

  private static Map<String, String> ordered(String a, String x, String b, String y) {
    Map<String, String> map = new java.util.LinkedHashMap<>();
    map.put(a, x);
    map.put(b, y);
    return map;
  }
}
