package io.sagitta.torture;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Holds a history against what must be, with plain DuckDB and nothing of the platform: each row
 * once, as it was, in its order; each window as its SQL over exactly its rows; the ledger to the
 * row; watermarks that never go back.
 */
final class Checker {
  private static final String ROW =
      "feeder: 'VARCHAR', n: 'BIGINT', k: 'VARCHAR', happened: 'TIMESTAMP', amount: 'DOUBLE', hash: 'VARCHAR'";
  private static final int SAMPLES = 5;

  private final Path folder;
  private final List<Finding> findings = new ArrayList<>();

  private Checker(Path folder) {
    this.folder = folder;
  }

  /** Checks all of {@code shapes} in the history that {@code folder} has. */
  static List<Finding> check(Path folder, List<Shape> shapes) throws SQLException, IOException {
    Checker checker = new Checker(folder);
    for (Shape shape : shapes) {
      try (HistoryTables tables = HistoryTables.of(folder)) {
        checker.check(shape, tables);
      }
    }
    checker.findings.addAll(RunChecks.of(folder));
    return checker.findings;
  }

  private void check(Shape shape, HistoryTables tables) throws SQLException, IOException {
    load(shape, tables);
    String about = shape.name();
    findings.add(
        tables.rows(
            about, "was acknowledged", "SELECT * FROM sent", "SELECT * FROM sent WHERE acked < 0"));
    if (tables.count("SELECT * FROM sent") == 0) {
      findings.add(Finding.failure(about, "something was sent", "no row was"));
    }
    quarantine(shape, tables);
    for (Shape.Output output : shape.outputs()) {
      if (output instanceof Shape.Output.EachRow each) {
        eachRow(shape, each, tables);
      } else if (output instanceof Shape.Output.Results results) {
        results(shape, results, tables);
      }
    }
    versions(shape, tables);
    ledger(shape, tables);
  }

  /** Makes {@code sent}, {@code fresh} (each row once), {@code good} and {@code refused}. */
  private void load(Shape shape, HistoryTables tables) throws SQLException {
    tables.read(
        "sent",
        "sent/" + shape.name(),
        "source: 'VARCHAR', " + ROW + ", sent: 'BIGINT', acked: 'BIGINT'");
    tables.execute(
        "CREATE TABLE fresh AS SELECT DISTINCT ON (source, feeder, n) * FROM sent ORDER BY sent");
    tables.execute("CREATE TABLE good AS FROM fresh WHERE amount > 0");
    tables.read(
        "refused",
        "quarantine/" + shape.name(),
        "stage: 'VARCHAR', reason: 'VARCHAR', \"row\": 'VARCHAR'");
    tables.execute(
        """
        CREATE TABLE quarantined AS SELECT stage, reason, "row"->>'feeder' AS feeder,
          CAST("row"->>'n' AS BIGINT) AS n FROM refused""");
  }

  private void quarantine(Shape shape, HistoryTables tables) throws SQLException {
    String about = shape.name();
    String bad = "SELECT feeder, n FROM sent WHERE amount <= 0";
    String found =
        "SELECT feeder, n FROM quarantined WHERE stage = '%s' AND reason = 'amount is positive'"
            .formatted(shape.expect());
    findings.add(
        tables.rows(
            about,
            "impossible row is in quarantine, each time it came",
            bad,
            "((%1$s) EXCEPT ALL (%2$s)) UNION ALL ((%2$s) EXCEPT ALL (%1$s))"
                .formatted(bad, found)));
    findings.add(
        tables.rows(
            about,
            "row in quarantine has a reason that it can have",
            "SELECT * FROM refused",
            "SELECT * FROM refused WHERE reason NOT IN ('late', 'amount is positive')"));
    findings.add(
        tables.rows(
            about,
            "late row is reported once by a stage",
            "SELECT * FROM quarantined WHERE reason = 'late'",
            "SELECT stage, feeder, n FROM quarantined WHERE reason = 'late' GROUP BY ALL HAVING count(*) > 1"));
    // Surely on time: no row that was sent before its request was answered is that much newer. Of a
    // row that was sent again, that may be the late one.
    String late =
        """
        SELECT q.stage, q.feeder, q.n FROM (SELECT DISTINCT stage, feeder, n FROM quarantined WHERE reason = 'late') q
        JOIN (SELECT feeder, n, happened, max(acked) AS acked FROM sent WHERE amount > 0 GROUP BY ALL) g USING (feeder, n)
        ASOF JOIN (SELECT sent, max(happened) OVER (ORDER BY sent, happened ROWS UNBOUNDED PRECEDING) AS newest
          FROM (SELECT sent, max(happened) AS happened FROM sent GROUP BY sent)) s ON g.acked >= s.sent
        WHERE g.happened >= s.newest - INTERVAL %d SECOND"""
            .formatted(shape.traits().latenessSeconds());
    findings.add(
        tables.rows(
            about,
            "late row was not surely on time",
            "SELECT * FROM quarantined WHERE reason = 'late'",
            late));
  }

  private void eachRow(Shape shape, Shape.Output.EachRow output, HistoryTables tables)
      throws SQLException {
    String about = shape.name();
    String table = table(output);
    String name = output.place().word() + " " + output.name();
    String version = shape.version().isEmpty() ? "" : ", " + shape.version() + ": 'BIGINT'";
    tables.read(table, output.file(shape), "r: 'BIGINT', " + ROW + version);
    findings.add(
        tables.rows(
            about,
            name + ": acknowledged row arrived",
            "SELECT * FROM good WHERE acked >= 0",
            "SELECT feeder, n, happened FROM good g WHERE acked >= 0 AND NOT EXISTS (FROM %s r WHERE r.feeder = g.feeder AND r.n = g.n)"
                .formatted(table)));
    findings.add(
        tables.rows(
            about,
            name + ": row arrived once",
            "SELECT * FROM " + table,
            "SELECT feeder, n, count(*) FROM %s GROUP BY ALL HAVING count(*) > 1"
                .formatted(table)));
    findings.add(
        tables.rows(
            about,
            name + ": row that arrived is as it was sent, and hashes so",
            "SELECT * FROM " + table,
            """
            SELECT r.* FROM %s r LEFT JOIN good g USING (feeder, n)
            WHERE g.hash IS NULL OR r.hash <> g.hash OR r.hash <> md5(r.feeder || '|' || r.n || '|' || r.k
              || '|' || epoch_us(r.happened) || '|' || CAST(round(r.amount * 4) AS BIGINT))"""
                .formatted(table)));
    if (output.ordered()) {
      findings.add(
          tables.rows(
              about,
              name + ": row comes after those of its key before it",
              "SELECT * FROM " + table,
              "SELECT k, r, n, before FROM (SELECT k, r, n, lag(n) OVER (PARTITION BY k ORDER BY r) AS before FROM %s) WHERE before > n"
                  .formatted(table)));
    }
  }

  /** Whichever version of a table a row met, it met the same one in every output. */
  private void versions(Shape shape, HistoryTables tables) throws SQLException {
    if (shape.version().isEmpty()) {
      return;
    }
    String first = table(shape.outputs().get(0));
    for (Shape.Output output : shape.outputs().subList(1, shape.outputs().size())) {
      findings.add(
          tables.rows(
              shape.name(),
              output.place().word()
                  + " "
                  + output.name()
                  + ": row has the version of the table that it has elsewhere",
              "SELECT * FROM " + first,
              "SELECT feeder, n, a.%1$s, b.%1$s FROM %2$s a JOIN %3$s b USING (feeder, n) WHERE a.%1$s IS DISTINCT FROM b.%1$s"
                  .formatted(shape.version(), first, table(output))));
    }
    findings.add(
        tables.rows(
            shape.name(),
            "version of the table changed now and then",
            "SELECT DISTINCT %s FROM %s".formatted(shape.version(), first),
            "SELECT 1 FROM %2$s HAVING count(DISTINCT %1$s) < 2"
                .formatted(shape.version(), first)));
  }

  private void results(Shape shape, Shape.Output.Results output, HistoryTables tables)
      throws SQLException {
    String kept =
        "SELECT * FROM good g WHERE NOT EXISTS (FROM quarantined q WHERE q.reason = 'late' AND q.stage = '%s' AND q.feeder = g.feeder AND q.n = g.n)"
            .formatted(output.stage());
    tables.execute("CREATE OR REPLACE VIEW kept AS " + kept);
    for (String source : shape.sources()) {
      tables.execute(
          "CREATE OR REPLACE VIEW kept_%1$s AS FROM kept WHERE source = '%1$s'".formatted(source));
    }
    String table = table(output);
    String name = output.place().word() + " " + output.name();
    String columns =
        output.columns().entrySet().stream()
            .map(column -> column.getKey() + ": '" + column.getValue() + "'")
            .collect(Collectors.joining(", "));
    tables.read(table, output.file(shape), columns);
    String names = String.join(", ", output.columns().keySet());
    String wanted = "SELECT " + names + " FROM (" + output.query() + ")";
    String found = "SELECT " + names + " FROM " + table;
    findings.add(
        tables.rows(
            shape.name(),
            name + ": result is as DuckDB finds it, once",
            wanted,
            "SELECT 'wanted', * FROM ((%1$s) EXCEPT ALL (%2$s)) UNION ALL SELECT 'found', * FROM ((%2$s) EXCEPT ALL (%1$s))"
                .formatted(wanted, found)));
  }

  private static String table(Shape.Output output) {
    return "received_" + output.place().word() + "_" + output.name();
  }

  private void ledger(Shape shape, HistoryTables tables) throws SQLException, IOException {
    Path file = folder.resolve("status").resolve(shape.name() + ".json");
    JsonNode status = History.JSON.readTree(Files.readString(file));
    List<String> wrong = new ArrayList<>();
    long late = 0;
    long figures = 0;
    for (JsonNode stage : status.path("stages")) {
      String name = stage.path("name").asText();
      JsonNode counts = stage.path("counts");
      late += counts.path("late").asLong();
      figures += equal(name + ": of unknown fate", 0, stage.path("missing").asLong(), wrong);
      figures += equal(name + ": on the way", 0, stage.path("onTheWay").asLong(), wrong);
      figures += equal(name + ": held", 0, counts.path("held").asLong(), wrong);
      if (shape.sources().contains(name)) {
        long sent = tables.count("SELECT * FROM sent WHERE source = '" + name + "'");
        figures += equal(name + ": in", sent, counts.path("in").asLong(), wrong);
      }
      if (name.equals(shape.expect())) {
        long bad = tables.count("SELECT * FROM sent WHERE amount <= 0");
        figures += equal(name + ": quarantined", bad, counts.path("quarantined").asLong(), wrong);
      }
    }
    long reported = tables.count("SELECT * FROM quarantined WHERE reason = 'late'");
    figures += equal("late, and in quarantine as late", reported, late, wrong);
    findings.add(
        new Finding(
            shape.name(),
            "figure of the ledger balances",
            figures,
            wrong.size(),
            wrong.stream().limit(SAMPLES).toList()));
  }

  private static int equal(String what, long wanted, long found, List<String> wrong) {
    if (wanted != found) {
      wrong.add(what + " should be " + wanted + " and is " + found);
    }
    return 1;
  }
}
