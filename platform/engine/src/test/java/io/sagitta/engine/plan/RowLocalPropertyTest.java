package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.duckdb.DuckDBDriver;

/** Whatever is accepted without a window gives the same rows however its input is cut. */
class RowLocalPropertyTest {
  private static final List<String> QUERIES =
      SqlCases.read("accepted-sql.txt").stream()
          .filter(c -> c.header().equals("# flights"))
          .map(RowLocalPropertyTest::planned)
          .toList();

  private static void createTables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone='UTC'");
      statement.execute(
          "CREATE TABLE airports AS SELECT * FROM (VALUES ('LAS', 'Las Vegas', 2181), ('PHL',"
              + " 'Philadelphia', 36)) t(iata, name, elevation)");
      statement.execute(
          "CREATE TABLE routes AS SELECT 'LAS' AS origin, 'PHL' AS destination, 2176 AS miles");
      statement.execute("CREATE TABLE notes AS SELECT 'LAS' AS iata, 'hot' AS note");
      statement.execute(
          "CREATE TABLE flights (date TIMESTAMPTZ, delay INTEGER, distance INTEGER, origin"
              + " VARCHAR, destination VARCHAR, event_time TIMESTAMPTZ)");
    }
  }

  private static String planned(SqlCases.SqlCase query) {
    Plan plan = query.definitions().plan().plan().orElseThrow();
    return String.valueOf(plan.queries().get("q"));
  }

  /** A row as SQL, with NULLs among its values. */
  @Provide
  Arbitrary<List<String>> rows() {
    Arbitrary<String> airport = Arbitraries.of("'LAS'", "'PHL'", "'XXX'", "'{\"a\": 1}'", "NULL");
    Arbitrary<String> number =
        Arbitraries.integers()
            .between(0, 255)
            .map(String::valueOf)
            .injectNull(0.1)
            .map(String::valueOf);
    Arbitrary<String> time =
        Arbitraries.integers()
            .between(0, 100_000)
            .map(n -> "make_timestamptz(" + n + "000000::BIGINT)");
    return Combinators.combine(time, number, number, airport, airport)
        .as(
            (t, delay, distance, from, to) ->
                "(" + String.join(", ", t, delay, distance, from, to, t) + ")")
        .list()
        .ofMaxSize(12);
  }

  @Property(tries = 30)
  void query_inputCutInTwo_givesTheSameRows(
      @ForAll("rows") List<String> rows, @ForAll @IntRange(max = 12) int at) throws SQLException {
    int cut = Math.min(at, rows.size());
    try (var connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties())) {
      createTables(connection);
      for (String query : QUERIES) {
        List<String> parts = new ArrayList<>(run(connection, query, rows.subList(0, cut)));
        parts.addAll(run(connection, query, rows.subList(cut, rows.size())));
        Collections.sort(parts);
        assertThat(parts).as(query).isEqualTo(run(connection, query, rows));
        assertThat(parts.size()).as(query).isLessThanOrEqualTo(rows.size());
      }
    }
    assertThat(QUERIES).hasSizeGreaterThan(15);
  }

  private static List<String> run(Connection connection, String query, List<String> rows)
      throws SQLException {
    List<String> result = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM flights");
      if (!rows.isEmpty()) {
        statement.execute("INSERT INTO flights VALUES " + String.join(", ", rows));
      }
      try (var answer = statement.executeQuery(query)) {
        while (answer.next()) {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= answer.getMetaData().getColumnCount(); i++) {
            row.append(answer.getString(i)).append('|');
          }
          result.add(row.toString());
        }
      }
    }
    Collections.sort(result);
    return result;
  }
}
