package io.sagitta.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * How long rows that were on their way in while a fault lasted took to be read: the longest time
 * from the first attempt to send one until every partition of its stream of rows was past it.
 */
final class Recoveries {
  private Recoveries() {}

  /** Finds them in the history that {@code folder} has; none if no rows were read along. */
  static List<Verdict.Recovery> in(Path folder) throws SQLException {
    List<Verdict.Recovery> recoveries = new ArrayList<>();
    if (!Files.exists(folder.resolve("arrivals"))
        || !Files.exists(folder.resolve("events.ndjson"))) {
      return recoveries;
    }
    String root = folder.toString().replace("'", "''");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = connection.createStatement()) {
      sql.execute(
          """
          CREATE TABLE faults AS
          SELECT row_number() OVER () AS id, begins.fault, begins.t AS began,
            coalesce((SELECT min(e.t) FROM events e WHERE e.phase = 'end' AND e.t >= begins.t),
              begins.t + begins.millis) AS ended
          FROM (SELECT * FROM (FROM read_json('%1$s/events.ndjson', format = 'newline_delimited',
              columns = {t: 'BIGINT', kind: 'VARCHAR', fault: 'VARCHAR', phase: 'VARCHAR', millis: 'BIGINT'}))
            WHERE kind = 'fault' AND phase = 'begin' ORDER BY t) begins"""
              .formatted(root)
              .replace(
                  "FROM events e",
                  "FROM read_json('%s/events.ndjson', format = 'newline_delimited', columns = {t: 'BIGINT', phase: 'VARCHAR'}) e"
                      .formatted(root)));
      sql.execute(
          """
          CREATE TABLE arrivals AS
          SELECT regexp_extract(filename, '([^/]+)\\.ndjson$', 1) AS shape, part, feeder, n, t
          FROM read_json('%s/arrivals/*.ndjson', format = 'newline_delimited', filename = true,
            columns = {t: 'BIGINT', part: 'VARCHAR', feeder: 'VARCHAR', n: 'BIGINT'})"""
              .formatted(root));
      sql.execute(
          """
          CREATE TABLE requests AS
          SELECT regexp_extract(filename, '([^/]+)\\.ndjson$', 1) AS shape, feeder, sent, max(acked) AS acked, max(n) AS n
          FROM read_json('%s/sent/*.ndjson', format = 'newline_delimited', filename = true,
            columns = {feeder: 'VARCHAR', n: 'BIGINT', sent: 'BIGINT', acked: 'BIGINT'}) GROUP BY ALL"""
              .formatted(root));
      try (ResultSet rows =
          sql.executeQuery(
              """
              WITH parts AS (SELECT DISTINCT shape, part, feeder FROM arrivals),
              wanted AS (
                SELECT f.id, f.fault, r.*, p.part
                FROM faults f JOIN requests r ON r.sent <= f.ended AND r.acked >= f.began
                JOIN parts p USING (shape, feeder))
              SELECT fault, max(a.t - w.sent) FROM wanted w
              ASOF JOIN arrivals a
                ON a.shape = w.shape AND a.part = w.part AND a.feeder = w.feeder AND a.n >= w.n
              GROUP BY id, fault ORDER BY id""")) {
        while (rows.next()) {
          long millis = rows.getLong(2);
          FaultKind.of(rows.getString(1))
              .ifPresent(kind -> recoveries.add(new Verdict.Recovery(kind, millis)));
        }
      }
    }
    return recoveries;
  }
}
