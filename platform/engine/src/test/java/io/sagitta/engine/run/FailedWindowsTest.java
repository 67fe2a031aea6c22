package io.sagitta.engine.run;

import static io.sagitta.engine.run.Grid.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.run.TaskRig.Made;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bad row holds no window up for ever. */
final class FailedWindowsTest {
  private static final String SUM =
      "SELECT origin, sum(CAST(destination AS INTEGER))::BIGINT AS s FROM flights GROUP BY origin";
  private static final String UPSTREAM = "flights/0";

  private final Path spill;

  FailedWindowsTest(@TempDir Path spill) {
    this.spill = spill;
  }

  private TaskRig rig(String window, String query) {
    Plan plan =
        Pipelines.flights(
            """
            stages:
              head:
                type: sql
                inputs: [flights]
                key: [origin]
                window: %s
                query: "%s"
            streams:
              out: {inputs: [head]}
            """
                .formatted(window, query));
    return new TaskRig(plan, "head", spill, Set.of(UPSTREAM));
  }

  private static List<Object> flight(String time, String origin, String number) {
    return row(time, 1, 100, origin, number, time);
  }

  private static List<Object> refused(List<Object> flight, String detail) {
    return row(
        "head",
        "error",
        detail,
        "{\"date\":\"%s\",\"delay\":1,\"distance\":100,\"origin\":\"%s\",\"destination\":\"%s\"}"
            .formatted(flight.get(0), flight.get(3), flight.get(4)),
        null,
        flight.get(0));
  }

  @Test
  void step_rowThatQueryFailsOn_isQuarantinedAndTheRestCounted() {
    List<Object> bad = flight("2001-01-01T00:20:00Z", "LAS", "oops");
    try (TaskRig rig = rig("{tumbling: 1h}", SUM)) {
      Made made =
          rig.step(
              rig.rows(
                  UPSTREAM,
                  "flights",
                  "2001-01-01T02:00:00Z",
                  List.of(
                      flight("2001-01-01T00:10:00Z", "LAS", "1"),
                      bad,
                      flight("2001-01-01T00:30:00Z", "LAS", "2"),
                      flight("2001-01-01T00:40:00Z", "PHX", "4"),
                      flight("2001-01-01T01:10:00Z", "PHX", "8"))));

      String first = "2001-01-01T00:00:00Z";
      String second = "2001-01-01T01:00:00Z";
      String third = "2001-01-01T02:00:00Z";
      assertThat(made.rowsOf("head>out"))
          .containsExactly(
              row("LAS", 3L, first, second, second),
              row("PHX", 4L, first, second, second),
              row("PHX", 8L, second, third, third));
      assertThat(made.quarantined())
          .containsExactly(
              refused(
                  bad,
                  "Could not convert string 'oops' to INT32 when casting from source column"
                      + " destination"));
      assertThat(made.counts()).containsEntry("head", new Counts(5, 3, 4, 0, 1, 0, 0));
    }
  }

  @Test
  void step_rowsThatFailTogether_areQuarantinedAndOtherWindowsCounted() {
    String most = Integer.toString(Integer.MAX_VALUE);
    List<Object> one = flight("2001-01-01T00:10:00Z", "LAS", most);
    List<Object> other = flight("2001-01-01T00:20:00Z", "LAS", most);
    String query =
        "SELECT origin, sum(CAST(destination AS INTEGER))::INTEGER AS s FROM flights GROUP BY origin";
    try (TaskRig rig = rig("{tumbling: 1h}", query)) {
      Made made =
          rig.step(
              rig.rows(
                  UPSTREAM,
                  "flights",
                  "2001-01-01T02:00:00Z",
                  List.of(one, other, flight("2001-01-01T01:10:00Z", "LAS", "8"))));

      assertThat(made.rowsOf("head>out"))
          .containsExactly(
              row(
                  "LAS",
                  8L,
                  "2001-01-01T01:00:00Z",
                  "2001-01-01T02:00:00Z",
                  "2001-01-01T02:00:00Z"));
      assertThat(made.quarantined()).hasSize(2);
      assertThat(made.quarantined().get(0).get(2).toString())
          .startsWith(
              "the query fails on all rows together of the window from 2001-01-01T00:00:00Z to"
                  + " 2001-01-01T01:00:00Z: ");
      assertThat(made.counts()).containsEntry("head", new Counts(3, 1, 1, 0, 2, 0, 0));
    }
  }

  @Test
  void step_badRowOfSeveralWindows_isQuarantinedOnce() {
    List<Object> bad = flight("2001-01-01T00:20:00Z", "LAS", "oops");
    try (TaskRig rig = rig("{sliding: 1h, every: 30m}", SUM)) {
      Made made =
          rig.step(
              rig.rows(
                  UPSTREAM,
                  "flights",
                  "2001-01-01T02:00:00Z",
                  List.of(flight("2001-01-01T00:10:00Z", "LAS", "1"), bad)));

      assertThat(made.rowsOf("head>out"))
          .extracting(row -> row.get(1), row -> row.get(2))
          .containsExactly(tuple(1L, "2000-12-31T23:30:00Z"), tuple(1L, "2001-01-01T00:00:00Z"));
      assertThat(made.quarantined()).hasSize(1);
      assertThat(made.counts()).containsEntry("head", new Counts(2, 2, 1, 0, 1, 0, 0));
    }
  }

  @Test
  void step_badRowOfASession_isQuarantinedAndTheRestCounted() {
    try (TaskRig rig = rig("{session: 10m}", SUM)) {
      Made made =
          rig.step(
              rig.rows(
                  UPSTREAM,
                  "flights",
                  "2001-01-01T02:00:00Z",
                  List.of(
                      flight("2001-01-01T00:10:00Z", "LAS", "1"),
                      flight("2001-01-01T00:12:00Z", "LAS", "oops"),
                      flight("2001-01-01T00:14:00Z", "LAS", "2"),
                      flight("2001-01-01T00:40:00Z", "PHX", "4"))));

      assertThat(made.rowsOf("head>out"))
          .extracting(row -> row.get(0), row -> row.get(1))
          .containsExactly(tuple("LAS", 3L), tuple("PHX", 4L));
      assertThat(made.quarantined()).hasSize(1);
      assertThat(made.counts()).containsEntry("head", new Counts(4, 2, 3, 0, 1, 0, 0));
    }
  }
}
