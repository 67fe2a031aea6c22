package io.sagitta.node.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.ReadResult;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchRunTest {
  private static final String FLIGHTS =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: flights, tenant: aviation}
      spec:
        mode: batch
        sources:
          flights:
            type: file
            path: %1$s/in
            format: %2$s
            schema:
              date: {type: timestamp}
              delay: {type: int32, unit: min}
              distance: {type: int32, unit: mi}
              origin: {type: string, required: true}
            event_time: {field: date, max_lateness: 0s}
        stages:
          clean:
            type: clean
            inputs: [flights]
            units: {distance: km}
            expect:
              distance is positive: distance > 0
          long_haul:
            type: sql
            inputs: [clean]
            query: SELECT * FROM clean WHERE distance > 500
          once: {type: dedupe, inputs: [long_haul], key: [origin, date], within: 1h}
          daily:
            type: sql
            inputs: [once]
            key: [origin]
            window: {tumbling: 1d, timezone: UTC}
            query: SELECT origin, count(*) AS flights, sum(delay) AS delay FROM once GROUP BY origin
        sinks:
          lake: {type: parquet, inputs: [clean], path: %1$s/out/lake, partition_by: [month(date), origin]}
          board: {type: jdbc, inputs: [daily], url: "jdbc:duckdb:%1$s/out/board.duckdb", table: daily, key: [origin, window_start]}
      """;
  private static final String ROWS =
      "SELECT TIMESTAMPTZ '2001-01-01 00:00:00+00' + to_minutes((i * 37) %% 86400) AS date,"
          + " CAST(i %% 90 - 10 AS INTEGER) AS delay, CAST(i %% 1500 AS INTEGER) AS distance,"
          + " 'A' || (i %% 6) AS origin FROM range(%d, %d) t(i)";

  private BufferAllocator allocator = new RootAllocator();
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void createFolders() throws Exception {
    allocator = new RootAllocator();
    Files.createDirectories(folder.resolve("in"));
    Files.createDirectories(folder.resolve("out"));
  }

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private Plan plan(String yaml) {
    ReadResult read = DefinitionReader.read("flights.yaml", yaml.getBytes(UTF_8));
    assertThat(read.problems()).isEmpty();
    PlanResult planned = new Planner().plan(read.definition().orElseThrow(), read.locations());
    assertThat(planned.problems()).isEmpty();
    return planned.plan().orElseThrow();
  }

  private BatchRun batch(String yaml, String run, BatchListener listener) throws Exception {
    Path scratch = Files.createDirectories(folder.resolve("scratch").resolve(run));
    BatchOptions options =
        new BatchOptions(run, folder.resolve("out/quarantine"), scratch, 2, 512L << 20);
    return new BatchRun(plan(yaml), Map.of(), options, listener, allocator);
  }

  private BatchResult run(String yaml, String run) throws Exception {
    return batch(yaml, run, (what, fraction, bytes) -> {}).run();
  }

  private List<String> query(String url, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      if (sql.startsWith("COPY")) {
        statement.execute(sql);
        return rows;
      }
      try (ResultSet result = statement.executeQuery(sql)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(String.valueOf(result.getString(i)));
          }
          rows.add(String.join(" ", row));
        }
      }
    }
    return rows;
  }

  private List<String> duck(String sql) throws SQLException {
    return query("jdbc:duckdb:", sql);
  }

  private List<String> board(String sql) throws SQLException {
    return query("jdbc:duckdb:" + folder.resolve("out/board.duckdb"), sql);
  }

  private void input(String format, String name, int from, int to) throws SQLException {
    String options = format.equals("csv") ? "csv, HEADER" : format;
    duck(
        "COPY (%s) TO '%s' (FORMAT %s)"
            .formatted(ROWS.formatted(from, to), folder.resolve("in").resolve(name), options));
  }

  private static Counts counts(BatchResult result, String stage) {
    return result.ledger().getOrDefault(stage, Counts.ZERO);
  }

  private String lake() {
    return "read_parquet('" + folder.resolve("out/lake") + "/**/*.parquet')";
  }

  private void inputs(String format) throws SQLException {
    input(format, "a." + format, 0, 60_000);
    input(format, "b." + format, 60_000, 100_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv"})
  void run_everyFormat_equalsPlainDuckDb(String format) throws Exception {
    inputs(format);
    BatchResult result = run(FLIGHTS.formatted(folder, format), "r1");
    String all = "(" + ROWS.formatted(0, 100_000) + ")";
    String good = "(SELECT * FROM " + all + " WHERE distance > 0)";
    assertThat(
            duck(
                "SELECT count(*), sum(delay), CAST(round(sum(distance)) AS BIGINT), min(date), count(DISTINCT"
                    + " date_month), min(date_month) FROM "
                    + lake()))
        .isEqualTo(
            duck(
                "SELECT count(*), sum(delay), CAST(round(sum(distance * 1.609344)) AS BIGINT), min(date),"
                    + " count(DISTINCT strftime(date, '%Y-%m')), '2001-01' FROM "
                    + good));
    assertThat(
            board(
                "SELECT origin, window_start, flights, delay, window_end, event_time FROM daily"
                    + " ORDER BY ALL"))
        .isEqualTo(
            duck(
                "SELECT origin, date_trunc('day', date) AS s, count(*), sum(delay), s + INTERVAL 1"
                    + " DAY, s + INTERVAL 1 DAY FROM (SELECT * FROM (SELECT *, row_number() OVER () AS n FROM "
                    + all
                    + ") WHERE distance > 0 AND distance * 1.609344 > 500 QUALIFY row_number() OVER"
                    + " (PARTITION BY origin, date ORDER BY n) = 1) GROUP BY ALL ORDER BY ALL"));
    assertThat(result.written()).containsEntry("lake", 99_933L);
    assertThat(result.quarantined()).isEqualTo(67);
    assertThat(counts(result, "clean")).isEqualTo(new Counts(100_000, 99_933, 0, 0, 67, 0, 0));
    Counts once = counts(result, "once");
    assertThat(once.in()).isEqualTo(counts(result, "long_haul").out());
    assertThat(once.out() + once.duplicates()).isEqualTo(once.in());
    assertThat(once.duplicates()).isPositive();
    assertThat(
            duck(
                "SELECT stage, reason, count(*), count(DISTINCT \"row\"), count(event_time) FROM '"
                    + result.quarantine().orElseThrow()
                    + "' GROUP BY ALL"))
        .containsExactly("clean distance is positive 67 67 67");
    assertThat(counts(result, "daily").held()).isZero();
  }

  @Test
  void run_again_replacesTheFolderAndUpdatesTheTable() throws Exception {
    inputs("parquet");
    String yaml = FLIGHTS.formatted(folder, "parquet");
    run(yaml, "r1");
    List<String> board = board("SELECT * FROM daily ORDER BY ALL");
    Files.delete(folder.resolve("in/b.parquet"));
    run(yaml, "r2");
    assertThat(duck("SELECT count(*) FROM " + lake())).containsExactly("59960");
    assertThat(board("SELECT count(*) FROM daily")).containsExactly("" + board.size());
    run(yaml, "r2");
    assertThat(leftBehind()).isEmpty();
  }

  private List<String> leftBehind() throws Exception {
    try (Stream<Path> entries = Files.list(folder.resolve("out"))) {
      return entries
          .map(e -> String.valueOf(e.getFileName()))
          .filter(e -> e.startsWith("."))
          .toList();
    }
  }

  @Test
  void run_targetHoldsForeignFiles_isRefusedAndNothingChanges() throws Exception {
    inputs("parquet");
    Path foreign = Files.createDirectories(folder.resolve("out/lake")).resolve("mine.parquet");
    Files.writeString(foreign, "precious");
    assertThatThrownBy(() -> run(FLIGHTS.formatted(folder, "parquet"), "r1"))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("holds files that no run of this pipeline wrote");
    assertThat(foreign).hasContent("precious");
    assertThat(folder.resolve("out/board.duckdb")).doesNotExist();
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void run_laterSinkFails_leavesTheEarlierAsItWas() throws Exception {
    inputs("parquet");
    String yaml = FLIGHTS.formatted(folder, "parquet");
    run(yaml, "r1");
    Files.delete(folder.resolve("in/b.parquet"));
    String broken = yaml.replace("out/board.duckdb", "absent/board.duckdb");
    assertThatThrownBy(() -> run(broken, "r2"))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("there is no folder");
    assertThat(duck("SELECT count(*) FROM " + lake())).containsExactly("99933");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void run_rowThatMakesAQueryFail_goesToQuarantine() throws Exception {
    inputs("parquet");
    String yaml =
        FLIGHTS
            .formatted(folder, "parquet")
            .replace(
                "SELECT * FROM clean WHERE distance > 500",
                "SELECT * REPLACE (CAST(CASE WHEN distance BETWEEN 1609 AND 1610 THEN 'x' ELSE '1' END AS INTEGER) AS"
                    + " delay) FROM clean WHERE distance > 500");
    BatchResult result = run(yaml, "r1");
    Counts stage = counts(result, "long_haul");
    assertThat(stage.quarantined()).isPositive();
    assertThat(stage.in()).isEqualTo(stage.out() + stage.filtered() + stage.quarantined());
    assertThat(duck("SELECT count(*) FROM " + lake())).containsExactly("99933");
  }

  @Test
  void cancel_inTheMiddle_changesNothing() throws Exception {
    inputs("parquet");
    String yaml = FLIGHTS.formatted(folder, "parquet");
    run(yaml, "r1");
    AtomicReference<@Nullable BatchRun> running = new AtomicReference<>();
    BatchRun second =
        batch(
            yaml,
            "r2",
            (what, fraction, bytes) -> {
              if (what.equals("stage daily")) {
                Optional.ofNullable(running.get()).ifPresent(BatchRun::cancel);
              }
            });
    running.set(second);
    Files.delete(folder.resolve("in/b.parquet"));
    assertThatThrownBy(second::run)
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("was cancelled; no sink has changed");
    assertThat(duck("SELECT count(*) FROM " + lake())).containsExactly("99933");
    assertThat(leftBehind()).isEmpty();
  }
}
