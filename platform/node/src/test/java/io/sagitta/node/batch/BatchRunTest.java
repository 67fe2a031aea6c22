package io.sagitta.node.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.engine.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
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

  private final BatchRig rig;
  private final Path folder;

  BatchRunTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    rig = new BatchRig(folder);
  }

  @AfterEach
  void nothingLeaks() {
    rig.close();
  }

  private String lake() {
    return "read_parquet('" + rig.out("lake") + "/**/*.parquet')";
  }

  private void inputs(String format) throws SQLException {
    rig.input(format, "a." + format, BatchRig.flights(0, 60_000));
    rig.input(format, "b." + format, BatchRig.flights(60_000, 100_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv"})
  void run_everyFormat_equalsPlainDuckDb(String format) throws Exception {
    inputs(format);
    BatchResult result = rig.run(FLIGHTS.formatted(folder, format), "r1");
    String all = "(" + BatchRig.flights(0, 100_000) + ")";
    String good = "(SELECT * FROM " + all + " WHERE distance > 0)";
    assertThat(
            rig.duck(
                "SELECT count(*), sum(delay), CAST(round(sum(distance)) AS BIGINT), min(date), count(DISTINCT"
                    + " date_month), min(date_month) FROM "
                    + lake()))
        .isEqualTo(
            rig.duck(
                "SELECT count(*), sum(delay), CAST(round(sum(distance * 1.609344)) AS BIGINT), min(date),"
                    + " count(DISTINCT strftime(date, '%Y-%m')), '2001-01' FROM "
                    + good));
    assertThat(
            rig.board(
                "SELECT origin, window_start, flights, delay, window_end, event_time FROM daily"
                    + " ORDER BY ALL"))
        .isEqualTo(
            rig.duck(
                "SELECT origin, date_trunc('day', date) AS s, count(*), sum(delay), s + INTERVAL 1"
                    + " DAY, s + INTERVAL 1 DAY FROM (SELECT * FROM (SELECT *, row_number() OVER () AS n FROM "
                    + all
                    + ") WHERE distance > 0 AND distance * 1.609344 > 500 QUALIFY row_number() OVER"
                    + " (PARTITION BY origin, date ORDER BY n) = 1) GROUP BY ALL ORDER BY ALL"));
    assertThat(result.written()).containsEntry("lake", 99_933L);
    assertThat(result.quarantined()).isEqualTo(67);
    assertThat(BatchRig.counts(result, "clean"))
        .isEqualTo(new Counts(100_000, 99_933, 0, 0, 67, 0, 0));
    Counts once = BatchRig.counts(result, "once");
    assertThat(once.in()).isEqualTo(BatchRig.counts(result, "long_haul").out());
    assertThat(once.out() + once.duplicates()).isEqualTo(once.in());
    assertThat(once.duplicates()).isPositive();
    assertThat(
            rig.duck(
                "SELECT stage, reason, count(*), count(DISTINCT \"row\"), count(event_time) FROM '"
                    + result.quarantine().orElseThrow()
                    + "' GROUP BY ALL"))
        .containsExactly("clean distance is positive 67 67 67");
    assertThat(BatchRig.counts(result, "daily").held()).isZero();
  }

  @Test
  void run_again_replacesTheFolderAndUpdatesTheTable() throws Exception {
    inputs("parquet");
    String yaml = FLIGHTS.formatted(folder, "parquet");
    rig.run(yaml, "r1");
    List<String> board = rig.board("SELECT * FROM daily ORDER BY ALL");
    Files.delete(rig.in("b.parquet"));
    rig.run(yaml, "r2");
    assertThat(rig.duck("SELECT count(*) FROM " + lake())).containsExactly("59960");
    assertThat(rig.board("SELECT count(*) FROM daily")).containsExactly("" + board.size());
    rig.run(yaml, "r2");
    assertThat(rig.leftBehind()).isEmpty();
  }

  @Test
  void run_targetHoldsForeignFiles_isRefusedAndNothingChanges() throws Exception {
    inputs("parquet");
    Path foreign = Files.createDirectories(rig.out("lake")).resolve("mine.parquet");
    Files.writeString(foreign, "precious");
    assertThatThrownBy(() -> rig.run(FLIGHTS.formatted(folder, "parquet"), "r1"))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("holds files that no run of this pipeline wrote");
    assertThat(foreign).hasContent("precious");
    assertThat(rig.out("board.duckdb")).doesNotExist();
    assertThat(rig.leftBehind()).isEmpty();
  }

  @Test
  void run_laterSinkFails_leavesTheEarlierAsItWas() throws Exception {
    inputs("parquet");
    String yaml = FLIGHTS.formatted(folder, "parquet");
    rig.run(yaml, "r1");
    Files.delete(rig.in("b.parquet"));
    String broken = yaml.replace("out/board.duckdb", "absent/board.duckdb");
    assertThatThrownBy(() -> rig.run(broken, "r2"))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("there is no folder");
    assertThat(rig.duck("SELECT count(*) FROM " + lake())).containsExactly("99933");
    assertThat(rig.leftBehind()).isEmpty();
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
    BatchResult result = rig.run(yaml, "r1");
    Counts stage = BatchRig.counts(result, "long_haul");
    assertThat(stage.quarantined()).isPositive();
    assertThat(stage.in()).isEqualTo(stage.out() + stage.filtered() + stage.quarantined());
    assertThat(rig.duck("SELECT count(*) FROM " + lake())).containsExactly("99933");
  }

  @Test
  void cancel_inTheMiddle_changesNothing() throws Exception {
    inputs("parquet");
    String yaml = FLIGHTS.formatted(folder, "parquet");
    rig.run(yaml, "r1");
    AtomicReference<@Nullable BatchRun> running = new AtomicReference<>();
    BatchRun second =
        rig.batch(
            yaml,
            "r2",
            (what, fraction, bytes) -> {
              if (what.equals("stage daily")) {
                Optional.ofNullable(running.get()).ifPresent(BatchRun::cancel);
              }
            });
    running.set(second);
    Files.delete(rig.in("b.parquet"));
    assertThatThrownBy(second::run)
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("was cancelled; no sink has changed");
    assertThat(rig.duck("SELECT count(*) FROM " + lake())).containsExactly("99933");
    assertThat(rig.leftBehind()).isEmpty();
  }
}
