package io.sagitta.cli.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The demo's sample: real flights in order of departure. Asked by plain DuckDB. */
public final class Flights {
  private static final int ROWS_PER_BODY = 2_000;

  private final Path file;

  /** Creates the sample in {@code file}, a Parquet file. */
  public Flights(Path file) {
    this.file = file;
  }

  /**
   * What the demo's pipeline must find, as plain DuckDB finds it in the file.
   *
   * @param rows flights in the file
   * @param distinct flights that repeat no earlier one
   * @param hours one line for each airport and hour, by {@code airport hour}
   */
  public record Answer(long rows, long distinct, Map<String, Hour> hours) {}

  /**
   * One airport in one hour.
   *
   * @param meanDelaySeconds mean delay
   * @param p99DelaySeconds the 99th percentile of the delay
   * @param city where the airport is, or empty
   */
  public record Hour(long flights, double meanDelaySeconds, double p99DelaySeconds, String city) {

    /** Returns whether both say the same, but for rounding. */
    public boolean matches(Hour other) {
      return flights == other.flights
          && close(meanDelaySeconds, other.meanDelaySeconds)
          && close(p99DelaySeconds, other.p99DelaySeconds)
          && city.equals(other.city);
    }

    private static boolean close(double a, double b) {
      return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }
  }

  /** Returns the flights as bodies of JSON lines, in the order of the file. */
  public List<String> bodies() throws SQLException {
    List<String> bodies = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT string_agg(line, chr(10) ORDER BY n) || chr(10)
                FROM (
                  SELECT file_row_number AS n,
                    '{"date":"' || strftime(date, '%%Y-%%m-%%dT%%H:%%M:%%SZ')
                    || '","delay":' || delay || ',"distance":' || distance
                    || ',"origin":"' || origin || '","destination":"' || destination
                    || '"}' AS line
                  FROM %s)
                GROUP BY n // %d ORDER BY n // %d"""
                    .formatted(source(), ROWS_PER_BODY, ROWS_PER_BODY))) {
      while (rows.next()) {
        bodies.add(rows.getString(1));
      }
    }
    return bodies;
  }

  /** Returns how many flights one body has at most. */
  public int rowsPerBody() {
    return ROWS_PER_BODY;
  }

  /** Returns how many flights there are. */
  public long count() throws SQLException {
    return single("SELECT count(*) FROM " + source());
  }

  /**
   * Asks plain DuckDB what the pipeline must find.
   *
   * @param airports the table that the pipeline joins, as CSV
   */
  public Answer answer(Path airports) throws SQLException {
    Map<String, Hour> hours = new TreeMap<>();
    String once =
        """
        SELECT * FROM (
          SELECT *, row_number() OVER (
            PARTITION BY origin, destination, date ORDER BY file_row_number) AS nth
          FROM %s)
        WHERE nth = 1"""
            .formatted(source());
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                WITH once AS (%s),
                hourly AS (
                  SELECT origin, date_trunc('hour', date) AS hour, count(*) AS flights,
                    avg(delay * 60::DOUBLE) AS mean_delay,
                    quantile_cont(delay * 60::DOUBLE, 0.99) AS p99_delay
                  FROM once GROUP BY ALL)
                SELECT origin || ' ' || strftime(hour, '%%Y-%%m-%%dT%%H:%%M:%%SZ'),
                  flights, mean_delay, p99_delay, coalesce(city, '')
                FROM hourly LEFT JOIN read_csv('%s') ON iata = origin"""
                    .formatted(once, quoted(airports)))) {
      while (rows.next()) {
        hours.put(
            rows.getString(1),
            new Hour(rows.getLong(2), rows.getDouble(3), rows.getDouble(4), rows.getString(5)));
      }
    }
    return new Answer(count(), single("SELECT count(*) FROM (" + once + ")"), hours);
  }

  private static long single(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private String source() {
    return "read_parquet('" + quoted(file) + "', file_row_number = true)";
  }

  private static String quoted(Path path) {
    return path.toString().replace("'", "''");
  }
}
