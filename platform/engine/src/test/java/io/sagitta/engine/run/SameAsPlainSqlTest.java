package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without late rows, whatever the order, the steps and the spilling, a head makes what one plain
 * query over all rows makes.
 */
class SameAsPlainSqlTest {
  private static final int SEEDS = 15;

  private static final String BUCKETS =
      """
      FROM (SELECT *, time_bucket(INTERVAL '30 minutes', event_time) AS ws,
              time_bucket(INTERVAL '30 minutes', event_time) + INTERVAL '30 minutes' AS we
            FROM flights)
      """;

  private static final String SESSIONS =
      """
      SELECT origin, count(*), sum(delay)::BIGINT, min(event_time) AS ws,
        max(event_time) + INTERVAL '9 minutes' AS we
      FROM (
        SELECT *, sum(fresh) OVER (PARTITION BY origin ORDER BY event_time, seq) AS nr
        FROM (
          SELECT *, CASE WHEN event_time < lag(event_time) OVER (PARTITION BY origin
            ORDER BY event_time, seq) + INTERVAL '9 minutes' THEN 0 ELSE 1 END AS fresh
          FROM flights))
      GROUP BY origin, nr
      """;

  private static final String BOUNDS =
      """
      (SELECT min(event_time) AS ws, max(event_time) + INTERVAL '1 microsecond' AS we FROM %s)
      """;

  private static final Map<Heads, String> WHOLE =
      Map.of(
          Heads.WHOLE,
          "SELECT origin, count(*), sum(delay)::BIGINT, we AS w, ws, we FROM flights, "
              + BOUNDS.formatted("flights")
              + " GROUP BY origin, ws, we",
          Heads.WHOLE_ROWS,
          "SELECT \"date\", delay, distance, origin, destination, ws, we FROM flights, "
              + BOUNDS.formatted("flights"),
          Heads.WHOLE_JOIN,
          "SELECT f.origin, count(*), sum(o.delay)::BIGINT, ws, we FROM flights f JOIN others o ON"
              + " f.origin = o.origin AND f.delay = o.delay, "
              + BOUNDS.formatted("(FROM flights UNION ALL FROM others)")
              + " GROUP BY f.origin, ws, we");

  private static final Map<Heads, String> PLAIN =
      Map.of(
          Heads.DEDUPE_LONG,
          "SELECT \"date\", delay, distance, origin, destination, event_time FROM flights QUALIFY"
              + " row_number() OVER (PARTITION BY origin, destination, delay ORDER BY seq) = 1",
          Heads.TUMBLING,
          "SELECT origin, count(*), sum(delay)::BIGINT, avg(distance), ws, we "
              + BUCKETS
              + " GROUP BY origin, ws, we",
          Heads.ROWS,
          "SELECT \"date\", delay, distance, origin, destination, ws, we " + BUCKETS,
          Heads.TUMBLING_DAY,
          """
          SELECT count(*), (day::TIMESTAMP) AT TIME ZONE 'America/New_York' AS ws,
            (day + 1)::TIMESTAMP AT TIME ZONE 'America/New_York' AS we
          FROM (SELECT (event_time AT TIME ZONE 'America/New_York')::DATE AS day FROM flights)
          GROUP BY day
          """,
          Heads.SLIDING,
          """
          SELECT origin, count(*), sum(delay)::BIGINT, ws, ws + INTERVAL '1 hour' AS we
          FROM flights, (
            SELECT TIMESTAMPTZ '1970-01-05 00:00:00+00' + (n * 25) * INTERVAL '1 minute' AS ws
            FROM range(1076500, 1078000) r(n))
          WHERE event_time >= ws AND event_time < ws + INTERVAL '1 hour'
          GROUP BY origin, ws
          """,
          Heads.SESSION,
          SESSIONS,
          Heads.SESSION_ROUNDS,
          "SELECT origin, n, ws, we FROM (" + SESSIONS.replace("count(*)", "count(*) AS n") + ")",
          Heads.JOIN,
          """
          SELECT f.origin, count(*), sum(o.delay)::BIGINT, f.ws, f.ws + INTERVAL '30 minutes' AS we
          FROM (SELECT *, time_bucket(INTERVAL '30 minutes', event_time) AS ws FROM flights) f
          JOIN (SELECT *, time_bucket(INTERVAL '30 minutes', event_time) AS ws FROM others) o
            ON f.origin = o.origin AND f.ws = o.ws
          GROUP BY f.origin, f.ws
          """);

  private final Path spill;

  SameAsPlainSqlTest(@TempDir Path spill) {
    this.spill = spill;
  }

  static Stream<Arguments> headsAndBounds() {
    return Stream.concat(PLAIN.keySet().stream(), WHOLE.keySet().stream())
        .sorted()
        .flatMap(
            head ->
                head == Heads.DEDUPE_LONG
                    ? Stream.of(Arguments.of(head, 1 << 20))
                    : Stream.of(Arguments.of(head, 1 << 20), Arguments.of(head, 1)));
  }

  @ParameterizedTest
  @MethodSource("headsAndBounds")
  void run_noLateRows_makesWhatPlainSqlMakes(Heads head, long windowBytes) throws SQLException {
    try (Replay replay = new Replay(head.plan(), "head", History.UPSTREAMS, windowBytes, spill);
        PlainSql plain = new PlainSql()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        History history = History.random(seed, false, head.inputs());
        for (String input : head.inputs()) {
          plain.load(input, history.rows(input));
        }
        assertThat(made(replay.run(history), head))
            .as("%s, seed %d", head, seed)
            .isEqualTo(plain.rows(normalized(plain(head))));
      }
    }
    assertThat(spill).isEmptyDirectory();
  }

  private static String plain(Heads head) {
    return PLAIN.getOrDefault(head, WHOLE.getOrDefault(head, ""));
  }

  /** Texts of instants, so that both sides write them alike. */
  private static String normalized(String sql) {
    return "SELECT COLUMNS(*)::VARCHAR FROM (" + sql + ")";
  }

  private static List<String> made(Replay.Run run, Heads head) {
    return run.made().stream()
        .flatMap(step -> step.rows().values().stream())
        .flatMap(List::stream)
        .map(row -> head == Heads.DEDUPE_LONG ? row : row.subList(0, row.size() - 1))
        .map(row -> row.stream().map(SameAsPlainSqlTest::text).collect(Collectors.joining("|")))
        .sorted()
        .toList();
  }

  private static String text(Object value) {
    String text = String.valueOf(value);
    return text.endsWith("Z") ? text.replace('T', ' ').replace("Z", "+00") : text;
  }
}
