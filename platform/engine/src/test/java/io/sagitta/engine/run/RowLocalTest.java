package io.sagitta.engine.run;

import static io.sagitta.engine.run.Grid.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.run.TaskRig.Made;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowLocalTest {
  private final Path spill;

  RowLocalTest(@TempDir Path spill) {
    this.spill = spill;
  }

  private TaskRig rig(Plan plan) {
    return new TaskRig(plan, "flights", spill, Set.of("flights/0"));
  }

  private static final String CLEAN =
      """
      stages:
        clean:
          type: clean
          inputs: [flights]
          units: {distance: km, delay: s}
          expect: {distance is positive: distance > 0}
      """;

  @Test
  void step_cleanStage_convertsAndQuarantinesRowAsItCame() {
    Plan plan = Pipelines.flights(CLEAN + "streams:\n  out: {inputs: [clean]}\n");
    try (TaskRig rig = rig(plan)) {
      Made made =
          rig.step(
              rig.rows(
                  "flights",
                  List.of(
                      row("2001-01-01T00:01:00Z", 33, 2176, "LAS", "PHL"),
                      row("2001-01-01T00:02:00Z", 1, -5, "LAS", "\u00c4\"x"),
                      row("2001-01-01T00:03:00Z", null, 1, "LAS", "PHL"))));

      assertThat(made.rowsOf("clean>out"))
          .containsExactly(
              row(
                  "2001-01-01T00:01:00Z",
                  1980.0,
                  3501.932544,
                  "LAS",
                  "PHL",
                  "2001-01-01T00:01:00Z"),
              row("2001-01-01T00:03:00Z", null, 1.609344, "LAS", "PHL", "2001-01-01T00:03:00Z"));
      assertThat(made.quarantined())
          .containsExactly(
              row(
                  "clean",
                  "distance is positive",
                  null,
                  "{\"date\":\"2001-01-01T00:02:00Z\",\"delay\":1,\"distance\":-5,"
                      + "\"origin\":\"LAS\",\"destination\":\"\u00c4\\\"x\"}",
                  null,
                  "2001-01-01T00:02:00Z"));
      assertThat(made.counts())
          .containsEntry("flights", new Counts(3, 3, 0, 0, 0, 0, 0))
          .containsEntry("clean", new Counts(3, 2, 0, 0, 1, 0, 0));
      assertThat(made.progress())
          .isEqualTo(
              new Progress(
                  Grid.micros("2001-01-01T00:02:00Z"),
                  Grid.micros("2001-01-01T00:03:00Z"),
                  Activity.ACTIVE));
    }
  }

  private static List<Object> flight(Integer delay, String origin) {
    return row("2001-01-01T00:01:00Z", delay, 10, origin, "PHL");
  }

  @Test
  void step_fusedStages_countsEveryStage() {
    Plan plan =
        Pipelines.flights(
            CLEAN
                + """
                  chosen:
                    type: sql
                    inputs: [clean]
                    query: SELECT origin, delay FROM clean WHERE delay > 60
                  named:
                    type: sql
                    inputs: [chosen]
                    query: SELECT origin, delay / 60 AS minutes FROM chosen
                  few:
                    type: sql
                    inputs: [named]
                    query: SELECT minutes FROM named WHERE origin = 'LAS'
                streams:
                  out: {inputs: [few]}
                """);
    try (TaskRig rig = rig(plan)) {
      Made made =
          rig.step(
              rig.rows(
                  "flights",
                  List.of(
                      flight(3, "LAS"),
                      row("2001-01-01T00:01:00Z", 9, -1, "LAS", "PHL"),
                      flight(1, "LAS"),
                      flight(4, "PHX"))),
              rig.rows("flights", List.of(flight(5, "LAS"))));

      assertThat(made.rowsOf("few>out").stream().map(r -> r.get(0))).containsExactly(3.0, 5.0);
      assertThat(made.counts())
          .containsEntry("flights", new Counts(5, 5, 0, 0, 0, 0, 0))
          .containsEntry("clean", new Counts(5, 4, 0, 0, 1, 0, 0))
          .containsEntry("chosen", new Counts(4, 3, 1, 0, 0, 0, 0))
          .containsEntry("named", new Counts(3, 3, 0, 0, 0, 0, 0))
          .containsEntry("few", new Counts(3, 2, 1, 0, 0, 0, 0));
      assertThat(made.quarantined())
          .singleElement()
          .satisfies(r -> assertThat(r.get(3).toString()).contains("\"delay\":9,\"distance\":-1"));
    }
  }

  @Test
  void step_branchesThatExpectOfOtherColumns_countWhatEachRefuses() {
    Plan plan =
        Pipelines.flights(
            """
            stages:
              far: {type: clean, inputs: [flights], expect: {it is far: distance > 5}}
              far_late: {type: sql, inputs: [far], query: SELECT origin FROM far WHERE delay > 1}
              here: {type: clean, inputs: [flights], expect: {it is here: origin = 'LAS'}}
              here_late: {type: sql, inputs: [here], query: SELECT origin FROM here WHERE delay > 1}
            streams:
              one: {inputs: [far_late]}
              other: {inputs: [here_late]}
            """);
    try (TaskRig rig = rig(plan)) {
      Made made =
          rig.step(
              rig.rows(
                  "flights",
                  List.of(
                      flight(3, "LAS"),
                      flight(4, "PHX"),
                      row("2001-01-01T00:01:00Z", 9, 1, "LAS", "PHL"))));

      assertThat(made.counts())
          .containsEntry("far", new Counts(3, 2, 0, 0, 1, 0, 0))
          .containsEntry("here", new Counts(3, 2, 0, 0, 1, 0, 0))
          .containsEntry("far_late", new Counts(2, 2, 0, 0, 0, 0, 0))
          .containsEntry("here_late", new Counts(2, 2, 0, 0, 0, 0, 0));
      assertThat(made.quarantined().stream().map(r -> r.subList(0, 2)))
          .containsExactlyInAnyOrder(row("far", "it is far"), row("here", "it is here"));
    }
  }

  @Test
  void step_valueError_onlyTheRowGoesToQuarantine() {
    Plan plan =
        Pipelines.flights(
            """
            stages:
              chosen:
                type: sql
                inputs: [flights]
                query: SELECT delay + 1 AS delay, origin FROM flights WHERE delay > 0
              cast:
                type: sql
                inputs: [chosen]
                query: SELECT CAST(origin AS BIGINT) AS number, delay FROM chosen
            streams:
              out: {inputs: [cast]}
              all: {inputs: [flights]}
            """);
    try (TaskRig rig = rig(plan)) {
      Made made =
          rig.step(
              rig.rows(
                  "flights",
                  List.of(flight(1, "1"), flight(2, "x"), flight(3, "3"), flight(-1, "y"))),
              rig.rows("flights", List.of(flight(Integer.MAX_VALUE, "4"), flight(5, "5"))));

      assertThat(made.rowsOf("cast>out").stream().map(r -> r.get(0))).containsExactly(1L, 3L, 5L);
      assertThat(made.rowsOf("flights>all")).hasSize(6);
      assertThat(made.quarantined().stream().map(r -> r.subList(0, 2)))
          .containsExactly(row("cast", "error"), row("chosen", "error"));
      assertThat(made.quarantined().get(0).subList(2, 4))
          .containsExactly(
              "Could not convert string 'x' to INT64 when casting from source column origin",
              "{\"delay\":3,\"origin\":\"x\"}");
      assertThat(made.counts())
          .containsEntry("chosen", new Counts(6, 4, 1, 0, 1, 0, 0))
          .containsEntry("cast", new Counts(4, 3, 0, 0, 1, 0, 0));

      assertThat(rig.step(rig.rows("flights", List.of(flight(7, "7")))).rowsOf("cast>out"))
          .hasSize(1);
    }
  }

  @Test
  void step_rejectsAndRowsWithoutTime_goToQuarantineOfSource() {
    Plan plan = Pipelines.flights("streams:\n  out: {inputs: [flights]}\n");
    try (TaskRig rig = rig(plan)) {
      List<Object> reject = row("flights", "json", "no object", null, "[1", null);
      Made made =
          rig.step(
              rig.rejected("flights", List.of(reject, reject)),
              rig.rows("flights", List.of(row(null, 1, 2, "LAS", "PHL"), flight(1, "LAS"))));

      assertThat(made.quarantined())
          .containsExactly(
              reject,
              reject,
              row(
                  "flights",
                  "event_time",
                  "'date' has no value",
                  "{\"date\":null,\"delay\":1,\"distance\":2,\"origin\":\"LAS\","
                      + "\"destination\":\"PHL\"}",
                  null,
                  null));
      assertThat(made.counts()).containsEntry("flights", new Counts(4, 1, 0, 0, 3, 0, 0));
      assertThat(made.rowsOf("flights>out")).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f.origin, a.city", "f.* EXCLUDE (date), a.city", "f.origin, a.*"})
  void step_tableJoin_keepsOrderOfRows(String columns) {
    Plan plan =
        Pipelines.flights(
            """
            tables:
              airports:
                type: file
                path: airports.csv
                format: csv
                key: [iata]
                schema: {iata: {type: string, required: true}, city: {type: string}}
            stages:
              named:
                type: sql
                inputs: [flights]
                query: |
                  SELECT %s FROM flights f LEFT JOIN airports a ON a.iata = f.origin
            streams:
              out: {inputs: [named]}
            """
                .formatted(columns));
    List<List<Object>> airports =
        IntStream.range(0, 3000).mapToObj(i -> row("A" + i, "city " + i)).toList();
    Map<String, byte[]> tables;
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot rows = Grid.batch(plan.schema("airports"), allocator, airports)) {
      tables = Map.of("airports", IpcCodec.toBytes(rows));
    }
    try (TaskRig rig =
        new TaskRig(
            plan, "flights", Set.of("flights/0"), tables, new Engine.Limits(1, spill, 1000))) {
      List<List<Object>> flights =
          IntStream.range(0, 5000).mapToObj(i -> flight(i, "A" + (i * 7919) % 3001)).toList();

      Made made = rig.step(rig.rows("flights", flights));

      int origin =
          plan.schema("named").getFields().indexOf(plan.schema("named").findField("origin"));
      assertThat(made.rowsOf("named>out").stream().map(r -> r.get(origin)))
          .containsExactlyElementsOf(flights.stream().map(r -> r.get(3)).toList());
      assertThat(made.rowsOf("named>out").get(1)).contains("A1917", "city 1917");
    }
  }

  @Test
  void step_manyRows_batchesStayWithinBound() {
    Plan plan =
        Pipelines.flights(
            CLEAN + "streams:\n  out: {inputs: [clean]}\n  raw: {inputs: [flights]}\n");
    Engine.Limits limits = new Engine.Limits(1, spill, 1000);
    try (TaskRig rig = new TaskRig(plan, "flights", Set.of(), Map.of(), limits)) {
      List<Arrival> arrivals =
          IntStream.range(0, 30)
              .mapToObj(
                  i ->
                      rig.rows(
                          "flights",
                          IntStream.range(0, i == 7 ? 2345 : 17)
                              .mapToObj(j -> flight(j, "LAS"))
                              .toList()))
              .toList();
      try (StepResult result = rig.runner.step(arrivals)) {
        assertThat(result.emissions())
            .allSatisfy(e -> assertThat(e.rows().getRowCount()).isBetween(1, 1000));
        assertThat(result.emissions()).hasSizeLessThan(15);
        assertThat(result.emissions().stream().mapToInt(e -> e.rows().getRowCount()).sum())
            .isEqualTo(2 * (29 * 17 + 2345));
      }
    }
  }
}
