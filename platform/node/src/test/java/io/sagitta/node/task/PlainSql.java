package io.sagitta.node.task;

import io.sagitta.node.task.Judged.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What plain SQL over the rows that came makes of them, for many runs in one query: another way to
 * the answer, which knows nothing of steps, panes or takeovers.
 */
final class PlainSql implements AutoCloseable {
  private static final String TEXT_OF_ROW = text("seq", "origin", "delay", "t");
  private static final String TEXT_OF_WINDOW = text("origin", "n", "bits", "ws", "we");
  private static final String COUNTED =
      "SELECT run, "
          + TEXT_OF_WINDOW
          + " FROM (SELECT run, origin, count(*) AS n, sum(bit)::BIGINT AS bits, %s FROM %s"
          + " GROUP BY run, origin, %s)";
  private static final String BUCKETS =
      "(SELECT *, t - t % 1800000000 AS ws, t - t % 1800000000 + 1800000000 AS we FROM came)";
  private static final String SLIDES =
      "(SELECT *, ws + 3600000000 AS we FROM (SELECT *, t - (t - 345600000000) % 1500000000"
          + " - i * 1500000000 AS ws FROM came, range(3) r(i)) WHERE t < ws + 3600000000)";

  private final Connection connection;

  PlainSql(List<String> rates) throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("CREATE TABLE rates (place VARCHAR, since BIGINT, rate BIGINT)");
    execute("INSERT INTO rates VALUES " + String.join(", ", rates));
  }

  private static String text(String... columns) {
    StringBuilder sql = new StringBuilder("concat_ws('|'");
    for (String column : columns) {
      sql.append(", coalesce(").append(column).append("::VARCHAR, 'null')");
    }
    return sql + ")";
  }

  /** Loads what came to all tasks of one chain, in each run. */
  void load(List<String> rows) throws SQLException {
    execute(
        "CREATE OR REPLACE TABLE came (run INTEGER, part INTEGER, nr INTEGER, input VARCHAR,"
            + " seq BIGINT, bit BIGINT, origin VARCHAR, delay INTEGER, t BIGINT, w BIGINT,"
            + " session INTEGER)");
    for (int from = 0; from < rows.size(); from += 5_000) {
      execute(
          "INSERT INTO came VALUES "
              + String.join(", ", rows.subList(from, Math.min(rows.size(), from + 5_000))));
    }
  }

  /** Returns what a chain makes of what came, by run. */
  Map<Integer, List<String>> made(Shape shape, Kind kind) throws SQLException {
    return query(
        switch (kind) {
          case SOURCE -> shape == Shape.ENRICHED ? enriched() : source();
          case DEDUPE -> dedupe();
          case TUMBLING -> shape == Shape.JOIN ? joined() : windows(BUCKETS);
          case SLIDING -> windows(SLIDES);
          case SESSION ->
              COUNTED.formatted(
                  "min(t) AS ws, max(t) + 540000000 AS we",
                  "(FROM came WHERE session > 0)",
                  "part, session");
        });
  }

  /** Returns the numbers of the rows that came too late, by run. */
  Map<Integer, List<String>> late(Kind kind) throws SQLException {
    String late =
        switch (kind) {
          case SOURCE -> "false";
          case DEDUPE -> "t <= w - 1800000000";
          case TUMBLING -> "t - t % 1800000000 + 1800000000 <= w";
          case SLIDING -> "t - (t - 345600000000) % 1500000000 + 3600000000 <= w";
          case SESSION -> "session = 0";
        };
    return query("SELECT run, seq::VARCHAR FROM came WHERE " + late);
  }

  private static String source() {
    return "SELECT run, " + TEXT_OF_ROW + " FROM came WHERE t IS NOT NULL";
  }

  private static String enriched() {
    return "SELECT run, "
        + text("seq", "origin", "delay", "rate", "t")
        + " FROM (SELECT *, (SELECT arg_max(rate, since) FROM rates r WHERE r.place = origin"
        + " AND r.since <= t) AS rate FROM came WHERE seq % 5 <> 4) WHERE rate IS NOT NULL";
  }

  private static String dedupe() {
    return "SELECT run, "
        + TEXT_OF_ROW
        + " FROM (SELECT *, max(t) OVER (PARTITION BY run, origin, delay ORDER BY part, nr ROWS"
        + " BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newest FROM came"
        + " WHERE t > w - 1800000000) WHERE newest IS NULL OR newest <= w - 1800000000";
  }

  private static String windows(String spans) {
    return COUNTED.formatted("ws, we", "(FROM " + spans + " WHERE we > w)", "ws, we");
  }

  private static String joined() {
    String open = "(FROM " + BUCKETS + " WHERE we > w AND input = '";
    return "SELECT run, "
        + TEXT_OF_WINDOW
        + " FROM (SELECT f.run, f.origin, count(*) AS n, sum(f.bit + o.bit)::BIGINT AS bits, f.ws,"
        + " f.we FROM "
        + open
        + "flights') f JOIN "
        + open
        + "others') o ON f.run = o.run AND f.origin = o.origin AND f.ws = o.ws"
        + " GROUP BY f.run, f.origin, f.ws, f.we)";
  }

  private Map<Integer, List<String>> query(String sql) throws SQLException {
    Map<Integer, List<String>> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql + " ORDER BY 1, 2")) {
      while (result.next()) {
        rows.computeIfAbsent(result.getInt(1), run -> new ArrayList<>()).add(result.getString(2));
      }
    }
    return rows;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
