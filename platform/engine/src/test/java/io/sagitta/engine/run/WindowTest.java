package io.sagitta.engine.run;

import static io.sagitta.engine.run.Grid.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.run.TaskRig.Made;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowTest {
  private final Path spill;

  WindowTest(@TempDir Path spill) {
    this.spill = spill;
  }

  private TaskRig rig(String window, String query) {
    Plan plan =
        Pipelines.flights(
            """
            stages:
              counted:
                type: sql
                inputs: [flights]
                key: [origin]
                window: %s
                query: "%s"
            streams:
              out: {inputs: [counted]}
            """
                .formatted(window, query));
    return new TaskRig(plan, "counted", spill, Set.of("flights/0", "flights/1"));
  }

  private static List<Object> flight(String time, int delay, String origin) {
    return row(time, delay, 100, origin, "PHL", time);
  }

  private static final String COUNT =
      "SELECT origin, count(*) AS n, sum(delay)::BIGINT AS s FROM flights GROUP BY origin";

  @Test
  void step_watermarkPassesEnd_firesWindowsInOrder() {
    try (TaskRig rig = rig("{tumbling: 1h}", COUNT)) {
      Made open =
          rig.step(
              rig.rows(
                  "flights/0",
                  "flights",
                  "2001-01-01T02:30:00Z",
                  List.of(
                      flight("2001-01-01T01:10:00Z", 5, "LAS"),
                      flight("2001-01-01T00:10:00Z", 1, "PHX"),
                      flight("2001-01-01T00:59:59.999999Z", 2, "LAS"),
                      flight("2001-01-01T02:00:00Z", 9, "LAS"),
                      flight("2001-01-01T00:20:00Z", 3, "LAS"))));
      Made closed =
          rig.step(
              rig.rows(
                  "flights/1",
                  "flights",
                  "2001-01-01T02:00:00Z",
                  List.of(flight("2001-01-01T00:30:00Z", 10, "PHX"))),
              rig.rows(
                  "flights/1",
                  "flights",
                  "2001-01-01T02:00:00Z",
                  List.of(flight("2001-01-01T01:59:00Z", 10, "PHX"))));

      assertThat(open.rows()).isEmpty();
      assertThat(open.oldestNeeded()).isZero();
      assertThat(open.counts()).containsEntry("counted", new Counts(5, 0, 0, 0, 0, 0, 5));
      assertThat(closed.rowsOf("counted>out"))
          .containsExactly(
              result("LAS", 2, 5, "2001-01-01T00:00:00Z", "2001-01-01T01:00:00Z"),
              result("PHX", 2, 11, "2001-01-01T00:00:00Z", "2001-01-01T01:00:00Z"),
              result("LAS", 1, 5, "2001-01-01T01:00:00Z", "2001-01-01T02:00:00Z"));
      assertThat(closed.counts()).containsEntry("counted", new Counts(2, 3, 5, 0, 0, 1, -4));
      assertThat(closed.quarantined())
          .singleElement()
          .satisfies(r -> assertThat(r.subList(0, 2)).containsExactly("counted", "late"));
      assertThat(closed.progress().watermarkMicros())
          .isEqualTo(Grid.micros("2001-01-01T02:00:00Z"));
    }
  }

  private static List<Object> result(String origin, long n, long sum, String start, String end) {
    return row(origin, n, sum, start, end, end);
  }

  @Test
  void step_allUpstreamsSilent_lastWindowCloses() {
    try (TaskRig rig = rig("{tumbling: 1h}", COUNT)) {
      Made made =
          rig.step(
              rig.rows(
                  "flights/0", "flights", "", List.of(flight("2001-01-01T01:10:00Z", 5, "LAS"))),
              rig.signal("flights/0", Activity.IDLE),
              rig.signal("flights/1", Activity.ENDED));

      assertThat(made.rowsOf("counted>out"))
          .containsExactly(result("LAS", 1, 5, "2001-01-01T01:00:00Z", "2001-01-01T02:00:00Z"));
      assertThat(made.progress().activity()).isEqualTo(Activity.IDLE);
      assertThat(made.oldestNeeded()).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void step_slidingWindow_eachRowInEveryWindow() {
    try (TaskRig rig = rig("{sliding: 1h, every: 20m}", COUNT)) {
      Made made =
          rig.step(
              rig.rows(
                  "flights/0",
                  "flights",
                  "2001-01-01T00:50:00Z",
                  List.of(
                      flight("2001-01-01T00:10:00Z", 1, "LAS"),
                      flight("2001-01-01T00:30:00Z", 2, "LAS"))),
              rig.watermark("flights/1", "2001-01-01T00:50:00Z"),
              rig.rows(
                  "flights/1",
                  "flights",
                  "2001-01-01T01:10:00Z",
                  List.of(
                      flight("2001-01-01T00:15:00Z", 4, "LAS"),
                      flight("2001-01-01T00:45:00Z", 8, "LAS"))),
              rig.watermark("flights/0", "2001-01-01T01:10:00Z"));

      assertThat(made.rowsOf("counted>out"))
          .containsExactly(
              result("LAS", 1, 1, "2000-12-31T23:20:00Z", "2001-01-01T00:20:00Z"),
              result("LAS", 2, 3, "2000-12-31T23:40:00Z", "2001-01-01T00:40:00Z"),
              result("LAS", 4, 15, "2001-01-01T00:00:00Z", "2001-01-01T01:00:00Z"));
      assertThat(made.counts()).containsEntry("counted", new Counts(4, 3, 2, 0, 0, 0, 2));
    }
  }
}
