package io.sagitta.torture;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What is checked of a whole run, whichever pipelines it had. */
final class RunChecks {
  private RunChecks() {}

  /** Checks the history that {@code folder} has. */
  static List<Finding> of(Path folder) throws SQLException {
    try (HistoryTables tables = HistoryTables.of(folder)) {
      return List.of(watermarks(tables), processes(tables), refusals(tables));
    }
  }

  private static Finding watermarks(HistoryTables tables) throws SQLException {
    tables.read(
        "watermarks",
        "watermarks",
        "t: 'BIGINT', topic: 'VARCHAR', sender: 'VARCHAR', watermark: 'BIGINT'");
    return tables.rows(
        "all",
        "watermark is not behind the one before it",
        "SELECT * FROM watermarks",
        """
            SELECT * FROM (SELECT *, lag(watermark) OVER (PARTITION BY topic, sender ORDER BY rowid) AS before
              FROM watermarks) WHERE before > watermark""");
  }

  private static Finding refusals(HistoryTables tables) throws SQLException {
    tables.read(
        "events",
        "events",
        "t: 'BIGINT', kind: 'VARCHAR', pipeline: 'VARCHAR', accepted: 'BOOLEAN', wanted: 'VARCHAR', says: 'VARCHAR'");
    return tables.rows(
        "all",
        "revision that cannot be carried over is refused, with the reason",
        "SELECT * FROM events WHERE kind = 'unfit'",
        "SELECT pipeline, wanted, says FROM events WHERE kind = 'unfit' AND (accepted OR NOT contains(says, wanted))");
  }

  private static Finding processes(HistoryTables tables) throws SQLException {
    tables.read("memory", "memory", "t: 'BIGINT', process: 'VARCHAR'");
    tables.read("ends", "events", "t: 'BIGINT', kind: 'VARCHAR', process: 'VARCHAR'");
    return tables.rows(
        "all",
        "process ended only by a fault",
        "SELECT DISTINCT process FROM memory",
        "SELECT t, process FROM ends WHERE kind = 'ended'");
  }
}
