package io.sagitta.acceptance;

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
 * Rows to feed and, by plain DuckDB, what must come of them: temperatures in °F of sensors, in
 * event order, some of them impossible, converted to °C, averaged by sensor and minute.
 */
final class Readings {
  private static final String ROWS =
      """
      SELECT n, 'sensor-' || (n * 7919 %% 50) AS sensor,
        TIMESTAMP '2026-01-01 00:00:00' + to_milliseconds(n * 40) AS taken_at,
        CASE WHEN n %% 997 = 0 THEN -999.0 ELSE 32 + (n * 31 %% 180) / 2.0 END AS temperature
      FROM range(%d) t(n)""";

  private final long count;

  Readings(long count) {
    this.count = count;
  }

  /** The pipeline that the readings go through. */
  static final String PIPELINE =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: readings, tenant: acceptance}
      spec:
        mode: streaming
        parallelism: 2
        sources:
          readings:
            type: http
            key: [sensor]
            schema:
              n: {type: int64, required: true}
              sensor: {type: string, required: true}
              taken_at: {type: timestamp, required: true}
              temperature: {type: double, unit: "°F"}
            event_time: {field: taken_at, max_lateness: 5s, idle_after: 2s}
        stages:
          clean:
            type: clean
            inputs: [readings]
            units: {temperature: "°C"}
            expect: {temperature is possible: temperature > -273.15}
          minutes:
            type: sql
            inputs: [clean]
            key: [sensor]
            window: {tumbling: 1m, timezone: UTC}
            query: |
              SELECT sensor, count(*) AS readings, avg(temperature) AS mean, min(n) AS first, max(n) AS last
              FROM clean GROUP BY sensor
        streams:
          minutes: {inputs: [minutes], key: [sensor], retain: 1d}
      """;

  /** Returns the rows as bodies of JSON lines, in order. */
  List<String> bodies(int rowsPerBody) throws SQLException {
    List<String> bodies = new ArrayList<>();
    query(
        """
        SELECT string_agg('{"n":' || n || ',"sensor":"' || sensor || '","taken_at":"'
          || strftime(taken_at, '%%Y-%%m-%%dT%%H:%%M:%%S.%%gZ') || '","temperature":' || temperature
          || '}', chr(10) ORDER BY n) FROM (%s) GROUP BY n // %d ORDER BY n // %d"""
            .formatted(ROWS.formatted(count), rowsPerBody, rowsPerBody),
        row -> bodies.add(row.getString(1)));
    return bodies;
  }

  /** Returns what the stream must hold: figures by sensor and minute. */
  Map<String, String> expected() throws SQLException {
    Map<String, String> expected = new TreeMap<>();
    query(
        """
        SELECT sensor || ' ' || strftime(date_trunc('minute', taken_at), '%%Y-%%m-%%dT%%H:%%M:%%SZ'),
          count(*), avg((temperature - 32) * 5 / 9), min(n), max(n)
        FROM (%s) WHERE temperature > -273.15 * 9 / 5 + 32 GROUP BY ALL"""
            .formatted(ROWS.formatted(count))
            .replace("GROUP BY ALL", "GROUP BY sensor, date_trunc('minute', taken_at)"),
        row ->
            expected.put(
                row.getString(1),
                figures(row.getLong(2), row.getDouble(3), row.getLong(4), row.getLong(5))));
    return expected;
  }

  /** Returns one row's figures, the mean rounded as far as the order of adding may change it. */
  static String figures(long readings, double mean, long first, long last) {
    return "%d %.6f %d %d".formatted(readings, mean, first, last);
  }

  /** Returns how many readings are impossible. */
  long impossible() {
    return (count + 996) / 997;
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private static void query(String sql, RowReader reader) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }
}
