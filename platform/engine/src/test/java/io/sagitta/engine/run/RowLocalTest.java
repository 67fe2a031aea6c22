package io.sagitta.engine.run;

import static io.sagitta.engine.run.Grid.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.run.TaskRig.Made;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

      assertThat(made.rows().get("clean>out"))
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
}
