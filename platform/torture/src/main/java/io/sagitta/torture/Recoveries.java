package io.sagitta.torture;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What each fault of a history did to the rows.
 *
 * <p>The way of a row is the time from the first attempt to send it until every partition of its
 * stream of rows was past it; a fault's longest one is that of a row that was on its way in while
 * it lasted. The time without progress is the longest, of those that overlap the fault, in which no
 * new row came out of any stream of rows.
 */
final class Recoveries {
  private static final String NAMED =
      "SELECT regexp_extract(filename, '([^/]+)\\.ndjson$', 1) AS shape, * FROM ";

  private Recoveries() {}

  /** Finds them in the history that {@code folder} has; none if no rows were read along. */
  static List<Verdict.Recovery> in(Path folder) throws SQLException {
    try (HistoryTables tables = HistoryTables.of(folder)) {
      tables.read(
          "events",
          "events",
          "t: 'BIGINT', kind: 'VARCHAR', fault: 'VARCHAR', phase: 'VARCHAR', millis: 'BIGINT'");
      tables.read(
          "arrived", "arrivals/*", "t: 'BIGINT', part: 'VARCHAR', feeder: 'VARCHAR', n: 'BIGINT'");
      tables.read(
          "sent", "sent/*", "feeder: 'VARCHAR', n: 'BIGINT', sent: 'BIGINT', acked: 'BIGINT'");
      tables.execute("CREATE VIEW arrivals AS " + NAMED + "arrived");
      tables.execute(
          "CREATE VIEW requests AS SELECT shape, feeder, sent, max(acked) AS acked, max(n) AS n FROM ("
              + NAMED
              + "sent) GROUP BY ALL");
      tables.execute(
          """
          CREATE VIEW faults AS
          SELECT row_number() OVER (ORDER BY t) AS id, fault, t AS began,
            coalesce((SELECT min(e.t) FROM events e WHERE e.phase = 'end' AND e.t >= b.t), t + millis) AS ended
          FROM events b WHERE kind = 'fault' AND phase = 'begin'""");
      tables.execute(
          """
          CREATE VIEW ways AS
          WITH parts AS (SELECT DISTINCT shape, part, feeder FROM arrivals),
          wanted AS (
            SELECT f.id, r.*, p.part
            FROM faults f JOIN requests r ON r.sent <= f.ended AND r.acked >= f.began
            JOIN parts p USING (shape, feeder))
          SELECT id, max(a.t - w.sent) AS millis FROM wanted w
          ASOF JOIN arrivals a
            ON a.shape = w.shape AND a.part = w.part AND a.feeder = w.feeder AND a.n >= w.n
          GROUP BY id""");
      tables.execute(
          """
          CREATE VIEW stills AS
          SELECT f.id, max(g.ended - g.began) AS millis FROM faults f
          JOIN (SELECT t AS began, lead(t) OVER (ORDER BY t) AS ended FROM (SELECT DISTINCT t FROM arrived)) g
            ON g.began <= f.ended AND g.ended >= f.began
          GROUP BY f.id""");
      return read(tables);
    }
  }

  private static List<Verdict.Recovery> read(HistoryTables tables) throws SQLException {
    List<Verdict.Recovery> recoveries = new ArrayList<>();
    try (ResultSet rows =
        tables.query(
            """
            SELECT fault, w.millis, s.millis FROM faults f
            JOIN ways w USING (id) JOIN stills s USING (id) ORDER BY id""")) {
      while (rows.next()) {
        long way = rows.getLong(2);
        long still = rows.getLong(3);
        FaultKind.of(rows.getString(1))
            .ifPresent(kind -> recoveries.add(new Verdict.Recovery(kind, way, still)));
      }
    }
    return recoveries;
  }
}
