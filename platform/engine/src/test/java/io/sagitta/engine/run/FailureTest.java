package io.sagitta.engine.run;

import static io.sagitta.engine.run.Grid.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.RowMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A failing step says why and leaks nothing: closing the rig checks all buffers. */
class FailureTest {
  private final Path spill;

  FailureTest(@TempDir Path spill) {
    this.spill = spill;
  }

  private static Plan plan(String stage) {
    return Pipelines.flights(
        "stages:\n  head:\n    inputs: [flights]\n    "
            + stage.replace("\n", "\n    ")
            + "\nstreams:\n  out: {inputs: [head]}\n");
  }

  private static List<Object> flight(int i) {
    String time = "2001-01-01T00:10:00Z";
    return row(time, i, 100, "x" + i, "PHL", time);
  }

  @Test
  void step_columnsOfOtherRevision_namesColumn() {
    Plan plan = plan("type: dedupe\nwithin: 1h\nkey: [origin]");
    try (TaskRig rig = new TaskRig(plan, "head", spill, Set.of("flights/0"))) {
      Plan other =
          Pipelines.plan(
              Pipelines.FLIGHTS.replace("delay: {type: int32", "delay: {type: int64")
                  + "  streams:\n    out: {inputs: [flights]}\n");
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(
              () ->
                  rig.step(
                      new Arrival.Rows(
                          0,
                          "flights/0",
                          "flights",
                          Grid.batch(other.schema("flights"), rig.allocator, List.of(flight(1))),
                          Optional.empty())))
          .withMessageContaining("column 2")
          .withMessageContaining("delay");
    }
  }

  @Test
  @Timeout(60)
  void interrupt_aQueryThatTakesTooLong_failsItsStepAtOnce() throws Exception {
    Plan plan =
        plan(
            """
            type: sql
            key: []
            window: {tumbling: 1h}
            query: |
              SELECT count(*) AS n FROM flights a, flights b, flights c
              WHERE a.delay + b.delay * c.delay < 7""");
    try (TaskRig rig = new TaskRig(plan, "head", spill, Set.of("flights/0"))) {
      List<List<Object>> rows = IntStream.range(0, 2000).mapToObj(FailureTest::flight).toList();
      rig.step(rig.rows("flights/0", "flights", "", rows));
      CompletableFuture<Void> step =
          CompletableFuture.runAsync(
              () -> rig.step(rig.watermark("flights/0", "2001-01-02T00:00:00Z")));
      while (!step.isDone()) {
        rig.runner.interrupt();
        TimeUnit.MILLISECONDS.sleep(100);
      }
      assertThat(step)
          .completesExceptionallyWithin(Duration.ZERO)
          .withThrowableThat()
          .withMessageContaining("INTERRUPT");
    }
  }

  /** DuckDB calls back for rows and columns, and makes an error on a value of what fails there. */
  @Test
  void step_outOfMemoryAnywhere_isNoRowsFault() {
    Plan plan = plan("type: sql\nquery: SELECT origin || 'x' AS o, delay * 2 AS d, * FROM flights");
    List<List<Object>> rows =
        IntStream.range(0, 300).mapToObj(i -> List.copyOf(flight(i).subList(0, 5))).toList();
    int failed = 0;
    int made = 0;
    for (int spare = 0; spare < 400 && made < 3; spare++) {
      try (TaskRig rig = new TaskRig(plan, "flights", spill, Set.of())) {
        rig.step(rig.rows("flights", rows.subList(0, 1)));
        Arrival arrival = rig.rows("flights", rows);
        rig.allocator.setLimit(rig.allocator.getAllocatedMemory() + spare * 256L);
        try {
          TaskRig.Made step = rig.step(arrival);
          assertThat(step.quarantined()).as("with %d bytes to spare", spare * 256).isEmpty();
          made++;
        } catch (RuntimeException e) {
          assertThat(RowMemory.isSpent(e)).as(e.toString()).isTrue();
          failed++;
        } finally {
          rig.allocator.setLimit(Long.MAX_VALUE);
        }
      }
    }
    assertThat(failed).isGreaterThan(5);
    assertThat(made).isEqualTo(3);
  }

  @Test
  void step_tooManyKeys_saysHowToMend() {
    Plan plan = plan("type: dedupe\nwithin: 1h\nkey: [origin]");
    Engine.Limits limits = new Engine.Limits(30_000, spill, 100);
    try (TaskRig rig = new TaskRig(plan, "head", Set.of("flights/0"), Map.of(), limits)) {
      List<List<Object>> rows = IntStream.range(0, 1000).mapToObj(FailureTest::flight).toList();
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> rig.step(rig.rows("flights/0", "flights", "", rows)))
          .withMessageContaining("Lower its 'within'");
    }
  }
}
