package io.sagitta.torture;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = connection.createStatement()) {
        checker.check(shape, statement);
      }
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      checker.watermarks(statement);
    }
    return checker.findings;
  }

  private void check(Shape shape, Statement sql) throws SQLException, IOException {
    load(shape, sql);
    String about = shape.name();
    findings.add(
        rows(
            sql,
            about,
            "was acknowledged",
            "SELECT * FROM sent",
            "SELECT * FROM sent WHERE acked < 0"));
    if (count(sql, "SELECT * FROM sent") == 0) {
      findings.add(Finding.failure(about, "something was sent", "no row was"));
    }
    quarantine(shape, sql);
    for (Shape.Output output : shape.outputs()) {
      if (output instanceof Shape.Output.EachRow each) {
        eachRow(shape, each, sql);
      } else if (output instanceof Shape.Output.Results results) {
        results(shape, results, sql);
      }
    }
    ledger(shape, sql);
  }

  /** Makes {@code sent}, {@code fresh} (each row once), {@code good} and {@code refused}. */
  private void load(Shape shape, Statement sql) throws SQLException {
    read(
        sql,
        "sent",
        "sent/" + shape.name(),
        "source: 'VARCHAR', " + ROW + ", sent: 'BIGINT', acked: 'BIGINT'");
    sql.execute(
        "CREATE TABLE fresh AS SELECT DISTINCT ON (source, feeder, n) * FROM sent ORDER BY sent");
    sql.execute("CREATE TABLE good AS FROM fresh WHERE amount > 0");
    read(
        sql,
        "refused",
        "quarantine/" + shape.name(),
        "stage: 'VARCHAR', reason: 'VARCHAR', \"row\": 'VARCHAR'");
    sql.execute(
        """
        CREATE TABLE quarantined AS SELECT stage, reason, "row"->>'feeder' AS feeder,
          CAST("row"->>'n' AS BIGINT) AS n FROM refused""");
  }

  private void read(Statement sql, String table, String file, String columns) throws SQLException {
    Path path = folder.resolve(file + ".ndjson");
    String from =
        "read_json('%s', format = 'newline_delimited', columns = {%s})"
            .formatted(path.toString().replace("'", "''"), columns);
    if (Files.exists(path)) {
      sql.execute("CREATE TABLE " + table + " AS FROM " + from);
    } else {
      String declared =
          java.util.Arrays.stream(columns.split(", "))
              .map(c -> c.replace(": '", " ").replace("'", ""))
              .collect(Collectors.joining(", "));
      sql.execute("CREATE TABLE " + table + " (" + declared + ")");
    }
  }

  private void quarantine(Shape shape, Statement sql) throws SQLException {
    String about = shape.name();
    String bad = "SELECT feeder, n FROM sent WHERE amount <= 0";
    String found =
        "SELECT feeder, n FROM quarantined WHERE stage = '%s' AND reason = 'amount is positive'"
            .formatted(shape.expect());
    findings.add(
        rows(
            sql,
            about,
            "impossible row is in quarantine, each time it came",
            bad,
            "((%1$s) EXCEPT ALL (%2$s)) UNION ALL ((%2$s) EXCEPT ALL (%1$s))"
                .formatted(bad, found)));
    findings.add(
        rows(
            sql,
            about,
            "row in quarantine has a reason that it can have",
            "SELECT * FROM refused",
            "SELECT * FROM refused WHERE reason NOT IN ('late', 'amount is positive')"));
    findings.add(
        rows(
            sql,
            about,
            "late row is reported once by a stage",
            "SELECT * FROM quarantined WHERE reason = 'late'",
            "SELECT stage, feeder, n FROM quarantined WHERE reason = 'late' GROUP BY ALL HAVING count(*) > 1"));
    // Surely on time: no row that was sent before its request was answered is that much newer.
    String late =
        """
        SELECT q.stage, q.feeder, q.n FROM (SELECT DISTINCT stage, feeder, n FROM quarantined WHERE reason = 'late') q
        JOIN good g USING (feeder, n)
        ASOF JOIN (SELECT sent, max(happened) OVER (ORDER BY sent, happened ROWS UNBOUNDED PRECEDING) AS newest
          FROM (SELECT sent, max(happened) AS happened FROM sent GROUP BY sent)) s ON g.acked >= s.sent
        WHERE g.happened >= s.newest - INTERVAL %d SECOND"""
            .formatted(shape.traits().latenessSeconds());
    findings.add(
        rows(
            sql,
            about,
            "late row was not surely on time",
            "SELECT * FROM quarantined WHERE reason = 'late'",
            late));
  }

  private void eachRow(Shape shape, Shape.Output.EachRow output, Statement sql)
      throws SQLException {
    String about = shape.name();
    String table = table(output);
    String name = output.place().word() + " " + output.name();
    read(sql, table, output.file(shape), "r: 'BIGINT', " + ROW);
    findings.add(
        rows(
            sql,
            about,
            name + ": acknowledged row arrived",
            "SELECT * FROM good WHERE acked >= 0",
            "SELECT feeder, n, happened FROM good g WHERE acked >= 0 AND NOT EXISTS (FROM %s r WHERE r.feeder = g.feeder AND r.n = g.n)"
                .formatted(table)));
    findings.add(
        rows(
            sql,
            about,
            name + ": row arrived once",
            "SELECT * FROM " + table,
            "SELECT feeder, n, count(*) FROM %s GROUP BY ALL HAVING count(*) > 1"
                .formatted(table)));
    findings.add(
        rows(
            sql,
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
          rows(
              sql,
              about,
              name + ": row comes after those of its key before it",
              "SELECT * FROM " + table,
              "SELECT k, r, n, before FROM (SELECT k, r, n, lag(n) OVER (PARTITION BY k ORDER BY r) AS before FROM %s) WHERE before > n"
                  .formatted(table)));
    }
  }

  private void results(Shape shape, Shape.Output.Results output, Statement sql)
      throws SQLException {
    String kept =
        "SELECT * FROM good g WHERE NOT EXISTS (FROM quarantined q WHERE q.reason = 'late' AND q.stage = '%s' AND q.feeder = g.feeder AND q.n = g.n)"
            .formatted(output.stage());
    sql.execute("CREATE OR REPLACE VIEW kept AS " + kept);
    for (String source : shape.sources()) {
      sql.execute(
          "CREATE OR REPLACE VIEW kept_%1$s AS FROM kept WHERE source = '%1$s'".formatted(source));
    }
    String table = table(output);
    String name = output.place().word() + " " + output.name();
    String columns =
        output.columns().entrySet().stream()
            .map(column -> column.getKey() + ": '" + column.getValue() + "'")
            .collect(Collectors.joining(", "));
    read(sql, table, output.file(shape), columns);
    String names = String.join(", ", output.columns().keySet());
    String wanted = "SELECT " + names + " FROM (" + output.query() + ")";
    String found = "SELECT " + names + " FROM " + table;
    findings.add(
        rows(
            sql,
            shape.name(),
            name + ": result is as DuckDB finds it, once",
            wanted,
            "SELECT 'wanted', * FROM ((%1$s) EXCEPT ALL (%2$s)) UNION ALL SELECT 'found', * FROM ((%2$s) EXCEPT ALL (%1$s))"
                .formatted(wanted, found)));
  }

  private static String table(Shape.Output output) {
    return "received_" + output.place().word() + "_" + output.name();
  }

  private void ledger(Shape shape, Statement sql) throws SQLException, IOException {
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
        long sent = count(sql, "SELECT * FROM sent WHERE source = '" + name + "'");
        figures += equal(name + ": in", sent, counts.path("in").asLong(), wrong);
      }
      if (name.equals(shape.expect())) {
        long bad = count(sql, "SELECT * FROM sent WHERE amount <= 0");
        figures += equal(name + ": quarantined", bad, counts.path("quarantined").asLong(), wrong);
      }
    }
    long reported = count(sql, "SELECT * FROM quarantined WHERE reason = 'late'");
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

  private void watermarks(Statement sql) throws SQLException {
    read(
        sql,
        "watermarks",
        "watermarks",
        "t: 'BIGINT', topic: 'VARCHAR', sender: 'VARCHAR', watermark: 'BIGINT'");
    findings.add(
        rows(
            sql,
            "all",
            "watermark is not behind the one before it",
            "SELECT * FROM watermarks",
            """
            SELECT * FROM (SELECT *, lag(watermark) OVER (PARTITION BY topic, sender ORDER BY rowid) AS before
              FROM watermarks) WHERE before > watermark"""));
  }

  private static Finding rows(
      Statement sql, String about, String what, String checked, String wrong) throws SQLException {
    long count = count(sql, checked);
    long bad = count(sql, wrong);
    List<String> samples = new ArrayList<>();
    if (bad > 0) {
      try (ResultSet rows = sql.executeQuery("SELECT * FROM (" + wrong + ") LIMIT " + SAMPLES)) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          List<String> cells = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            cells.add(String.valueOf(rows.getString(i)));
          }
          samples.add(String.join(" ", cells));
        }
      }
    }
    return new Finding(about, what, count, bad, samples);
  }

  private static long count(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery("SELECT count(*) FROM (" + query + ")")) {
      row.next();
      return row.getLong(1);
    }
  }
}
