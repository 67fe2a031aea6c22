package io.sagitta.torture;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How the resident memory of each process of a history grew, by least squares. */
final class MemorySlopes {
  private MemorySlopes() {}

  /** Finds them in the history that {@code folder} has. */
  static List<Verdict.Memory> in(Path folder) throws SQLException {
    List<Verdict.Memory> slopes = new ArrayList<>();
    try (HistoryTables tables = HistoryTables.of(folder)) {
      tables.read(
          "memory", "memory", "t: 'BIGINT', process: 'VARCHAR', pid: 'BIGINT', rssKib: 'BIGINT'");
      tables.execute(
          """
          CREATE VIEW lives AS
          SELECT process, pid, (max(t) - min(t)) / 6e4 AS minutes,
            regr_slope(rssKib / 1024, t / 36e5) AS slope
          FROM (SELECT *, t - min(t) OVER (PARTITION BY process, pid) AS age FROM memory)
          WHERE age >= 6e4 GROUP BY ALL""");
      try (ResultSet rows =
          tables.query(
              """
              SELECT process, arg_max(rssKib, t) // 1024, regr_slope(rssKib / 1024, t / 36e5),
                (max(t) - min(t)) / 6e4, count(DISTINCT pid),
                (SELECT coalesce(max(minutes), 0) FROM lives l WHERE l.process = m.process),
                (SELECT coalesce(arg_max(slope, minutes), 0) FROM lives l WHERE l.process = m.process)
              FROM memory m GROUP BY process HAVING count(*) > 2 ORDER BY process""")) {
        while (rows.next()) {
          slopes.add(
              new Verdict.Memory(
                  rows.getString(1),
                  rows.getLong(2),
                  rows.getDouble(3),
                  rows.getDouble(4),
                  rows.getLong(5),
                  rows.getDouble(6),
                  rows.getDouble(7)));
        }
      }
    }
    return slopes;
  }
}
