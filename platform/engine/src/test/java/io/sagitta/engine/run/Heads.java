package io.sagitta.engine.run;

import io.sagitta.engine.Plan;
import java.util.List;

/** The kinds of heads that keep something from step to step, each as a small pipeline. */
enum Heads {
  DEDUPE("type: dedupe\nwithin: 30m\nkey: [origin, destination, delay]"),
  DEDUPE_LONG("type: dedupe\nwithin: 30d\nkey: [origin, destination, delay]"),
  TUMBLING(
      "type: sql\nkey: [origin]\nwindow: {tumbling: 30m}\nquery: SELECT origin, count(*) AS n,"
          + " sum(delay)::BIGINT AS s, avg(distance) AS a FROM flights GROUP BY origin"),
  TUMBLING_DAY(
      "type: sql\nkey: []\nwindow: {tumbling: 1d, timezone: America/New_York}\nquery: SELECT"
          + " count(*) AS n FROM flights"),
  SLIDING(
      "type: sql\nkey: [origin]\nwindow: {sliding: 1h, every: 25m}\nquery: SELECT origin, count(*)"
          + " AS n, sum(delay)::BIGINT AS s FROM flights GROUP BY origin"),
  ROWS("type: sql\nkey: [origin]\nwindow: {tumbling: 30m}\nquery: SELECT * FROM flights"),
  SESSION(
      "type: sql\nkey: [origin]\nwindow: {session: 9m}\nquery: SELECT origin, count(*) AS n,"
          + " sum(delay)::BIGINT AS s FROM flights GROUP BY origin"),
  SESSION_ROUNDS(
      "type: sql\nkey: [origin]\nwindow: {session: 9m}\nquery: SELECT origin, n FROM (SELECT"
          + " origin, count(*) AS n FROM flights GROUP BY origin)"),
  JOIN(
      "type: sql\nkey: [origin]\nwindow: {tumbling: 30m}\ninputs: [flights, others]\nquery: SELECT"
          + " f.origin, count(*) AS n, sum(o.delay)::BIGINT AS s FROM flights f JOIN others o ON"
          + " f.origin = o.origin GROUP BY f.origin"),
  WHOLE(
      "type: sql\nkey: [origin]\nquery: SELECT origin, count(*) AS n, sum(delay)::BIGINT AS s,"
          + " max(window_end) AS w FROM flights GROUP BY origin"),
  WHOLE_ROWS("type: sql\nwindow: {until: end_of_input}\nquery: SELECT * FROM flights"),
  WHOLE_JOIN(
      "type: sql\nkey: []\ninputs: [flights, others]\nquery: SELECT f.origin, count(*) AS n,"
          + " sum(o.delay)::BIGINT AS s FROM flights f JOIN others o ON f.origin = o.origin"
          + " AND f.delay = o.delay GROUP BY f.origin");

  private final String stage;

  Heads(String stage) {
    this.stage = stage;
  }

  /** Returns a plan whose chain {@code head} has this head. */
  Plan plan() {
    String inputs = stage.contains("inputs") ? "" : "\n    inputs: [flights]";
    String others =
        inputs().size() > 1
            ? "  others:\n    type: sql\n    inputs: [flights]\n    query: SELECT * FROM flights\n"
            : "";
    return Pipelines.plan(
        Pipelines.FLIGHTS
                .replace("mode: streaming", isWhole() ? "mode: batch" : "mode: streaming")
                .replace(
                    "type: http", isWhole() ? "type: file\n      path: flights.csv" : "type: http")
            + ("stages:\n"
                    + others
                    + "  head:\n    "
                    + stage.replace("\n", "\n    ")
                    + inputs
                    + "\nstreams:\n  out: {inputs: [head]}\n")
                .indent(2));
  }

  /** Whether its one window is all that a batch run reads. */
  private boolean isWhole() {
    return name().startsWith("WHOLE");
  }

  List<String> inputs() {
    return stage.contains("others") ? List.of("flights", "others") : List.of("flights");
  }
}
