package io.sagitta.engine.run;

import static io.sagitta.engine.run.Grid.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Tap;
import io.sagitta.engine.run.TaskRig.Made;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  private static final String FUSED =
      """
      stages:
        clean:
          type: clean
          inputs: [flights]
          units: {distance: km}
          expect: {distance is positive: distance > 0}
        far: {type: sql, inputs: [clean], query: "SELECT origin, distance FROM clean WHERE distance > 100"}
        parsed: {type: sql, inputs: [far], query: "SELECT CAST(origin AS INTEGER) AS number FROM far"}
      streams:
        out: {inputs: [parsed]}
      """;

  private final Path spill;

  SamplesTest(@TempDir Path spill) {
    this.spill = spill;
  }

  /** Wants some stages, and keeps what it is shown. */
  private static final class Looker implements Tap {
    private final Set<String> wanted;
    private final Map<String, List<List<Object>>> seen = new TreeMap<>();

    Looker(String... wanted) {
      this.wanted = Set.of(wanted);
    }

    @Override
    public Set<String> wanted() {
      return wanted;
    }

    @Override
    public void show(String stage, VectorSchemaRoot rows) {
      seen.computeIfAbsent(stage, s -> new ArrayList<>()).addAll(Grid.values(rows));
    }

    @Override
    public void failed(String stage, RuntimeException e) {
      throw new AssertionError(stage, e);
    }
  }

  private static List<Object> flight(int distance, String origin) {
    return row("2001-01-01T00:01:00Z", 1, distance, origin, "PHL");
  }

  private Made step(Plan plan, Tap tap, List<List<Object>> rows) {
    try (TaskRig rig = new TaskRig(plan, "flights", spill, Set.of("flights/0"))) {
      rig.runner.tap(tap);
      return rig.step(rig.rows("flights", rows));
    }
  }

  @Test
  void tap_everyStageOfAFusedChain_showsItsRowsAndChangesNothing() {
    Plan plan = Pipelines.flights(FUSED);
    List<List<Object>> rows =
        List.of(flight(1000, "1"), flight(-1, "2"), flight(10, "3"), flight(500, "LAS"));
    Looker looker = new Looker("flights", "clean", "far", "parsed", "stranger");

    Made watched = step(plan, looker, rows);

    assertThat(looker.seen).containsOnlyKeys("flights", "clean", "far", "parsed");
    assertThat(looker.seen.get("flights"))
        .hasSize(4)
        .contains(row("2001-01-01T00:01:00Z", 1L, -1L, "2", "PHL", "2001-01-01T00:01:00Z"));
    assertThat(looker.seen.get("clean"))
        .extracting(row -> row.get(2), row -> row.get(3))
        .containsExactly(tuple(1609.344, "1"), tuple(16.09344, "3"), tuple(804.672, "LAS"));
    assertThat(looker.seen.get("far")).extracting(row -> row.get(0)).containsExactly("1", "LAS");
    assertThat(looker.seen.get("parsed")).containsExactly(row(1L, "2001-01-01T00:01:00Z"));
    Made alone = step(plan, Tap.NONE, rows);
    assertThat(watched).isEqualTo(alone);
    assertThat(alone.quarantined()).hasSize(2);
  }

  @Test
  void tap_aLongStep_runsAFusedStageOverItsFirstRowsOnly() {
    Looker looker = new Looker("clean");
    step(
        Pipelines.flights(FUSED),
        looker,
        Collections.nCopies(Samples.ROWS + 100, flight(1000, "1")));
    assertThat(looker.seen.get("clean")).hasSize(Samples.ROWS);
  }

  @Test
  void tap_behindAWindow_showsWhatAClosedWindowMakes() {
    Plan plan =
        Pipelines.flights(
            """
            stages:
              hourly:
                type: sql
                inputs: [flights]
                key: [origin]
                window: {tumbling: 1h}
                query: SELECT origin, count(*) AS n FROM flights GROUP BY origin
              renamed: {type: sql, inputs: [hourly], query: "SELECT origin AS airport, n FROM hourly"}
              busy: {type: sql, inputs: [renamed], query: "SELECT * FROM renamed WHERE n > 1"}
            streams:
              out: {inputs: [busy]}
            """);
    Looker looker = new Looker("hourly", "renamed");
    try (TaskRig rig = new TaskRig(plan, "hourly", spill, Set.of("flights/0"))) {
      rig.runner.tap(looker);
      String at = "2001-01-01T00:01:00Z";
      Arrival rows = rig.rows("flights/0", "flights", at, List.of(row(at, 1, 1, "LAS", "PHL", at)));
      rig.step(rows);
      assertThat(looker.seen).isEmpty();
      rig.step(rig.watermark("flights/0", "2001-01-01T02:00:00Z"));
    }
    List<Object> window =
        row("LAS", 1L, "2001-01-01T00:00:00Z", "2001-01-01T01:00:00Z", "2001-01-01T01:00:00Z");
    assertThat(looker.seen.get("hourly")).containsExactly(window);
    assertThat(looker.seen.get("renamed"))
        .extracting(row -> row.subList(0, 2))
        .containsExactly(window.subList(0, 2));
  }
}
