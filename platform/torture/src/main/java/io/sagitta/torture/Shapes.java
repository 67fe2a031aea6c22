package io.sagitta.torture;

import io.sagitta.torture.Shape.Output.EachRow;
import io.sagitta.torture.Shape.Output.Results;
import io.sagitta.torture.Shape.Place;
import io.sagitta.torture.Shape.Traits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shapes of pipeline that a run can attack. Amounts are quarters, so that sums are exact and
 * results can be compared as they are.
 */
final class Shapes {
  private static final Traits NEVER_LATE = new Traits(false, false, false, 600);
  private static final Traits SOME_IMPOSSIBLE = new Traits(false, true, false, 600);
  private static final Traits ALL_KINDS = new Traits(true, true, true, 30);

  private static final Map<String, String> FIGURES =
      columns(
          "k VARCHAR",
          "window_start TIMESTAMP",
          "window_end TIMESTAMP",
          "found BIGINT",
          "total DOUBLE",
          "low BIGINT",
          "high BIGINT");
  private static final String MINUTES =
      """
      SELECT k, date_trunc('minute', happened) AS window_start,
        window_start + INTERVAL 1 MINUTE AS window_end,
        count(*) AS found, sum(amount) AS total, min(n) AS low, max(n) AS high
      FROM kept GROUP BY ALL""";
  private static final String QUARTERS =
      """
      SELECT k, start AS window_start, start + INTERVAL 1 MINUTE AS window_end,
        count(*) AS found, sum(amount) AS total, min(n) AS low, max(n) AS high
      FROM (
        SELECT kept.*, time_bucket(INTERVAL 15 SECOND, happened, TIMESTAMP '2026-01-01')
          - to_seconds(15 * i) AS start
        FROM kept, range(4) t(i))
      GROUP BY ALL""";
  private static final String VISITS =
      """
      SELECT k, min(happened) AS window_start, max(happened) + INTERVAL 2 SECOND AS window_end,
        count(*) AS found, sum(amount) AS total, min(n) AS low, max(n) AS high
      FROM (
        SELECT *, sum(begins) OVER (PARTITION BY k ORDER BY happened, n) AS visit FROM (
          SELECT *, CASE WHEN happened - lag(happened) OVER (PARTITION BY k ORDER BY happened, n)
            < INTERVAL 2 SECOND THEN 0 ELSE 1 END AS begins
          FROM kept))
      GROUP BY k, visit""";
  private static final String DAYS =
      """
      SELECT k, CAST(date_trunc('day', happened) AS TIMESTAMP) AS window_start,
        window_start + INTERVAL 1 DAY AS window_end,
        count(*) AS found, sum(amount) AS total, min(n) AS low, max(n) AS high
      FROM kept GROUP BY ALL""";
  private static final String PAIRS =
      """
      SELECT o.k, date_trunc('minute', o.happened) AS window_start,
        window_start + INTERVAL 1 MINUTE AS window_end,
        count(*) AS found, sum(o.amount + p.amount) AS total, min(o.n) AS low, max(o.n) AS high
      FROM kept_orders o JOIN kept_pays p ON o.k = p.k AND o.n = p.n
        AND date_trunc('minute', o.happened) = date_trunc('minute', p.happened)
      GROUP BY ALL""";
  private static final String PRICED =
      """
      SELECT feeder, n, k, amount * price AS total
      FROM kept ASOF JOIN (%s) p ON k = p.code AND happened >= p.since"""
          .formatted(Prices.SQL);

  /** All of them. */
  static final List<Shape> ALL =
      List.of(
          shape(
              "keyed",
              ALL_KINDS,
              new EachRow("rows", Place.STREAM, false),
              windows("minutes", Place.STREAM, "minutes", MINUTES)),
          shape("plain", SOME_IMPOSSIBLE, new EachRow("rows", Place.STREAM, true)),
          shape("sliding", NEVER_LATE, windows("quarters", Place.STREAM, "quarters", QUARTERS)),
          shape("session", NEVER_LATE, windows("visits", Place.STREAM, "visits", VISITS)),
          shape("day", NEVER_LATE, windows("days", Place.STREAM, "days", DAYS)),
          new Shape(
              "joined",
              List.of("orders", "pays"),
              NEVER_LATE,
              "",
              "",
              List.of(windows("pairs", Place.STREAM, "pairs", PAIRS))),
          shape(
              "enriched",
              NEVER_LATE,
              new Results(
                  "priced",
                  Place.STREAM,
                  "priced",
                  columns("feeder VARCHAR", "n BIGINT", "k VARCHAR", "total DOUBLE"),
                  PRICED)),
          new Shape(
              "refreshed",
              List.of("orders"),
              NEVER_LATE,
              "",
              "version",
              List.of(
                  new EachRow("rows", Place.STREAM, true),
                  new EachRow("versioned_lake", Place.FOLDER, false))),
          shape(
              "sinks",
              SOME_IMPOSSIBLE,
              new EachRow("rows", Place.STREAM, true),
              new EachRow("rows", Place.TABLE, false),
              new EachRow("lake", Place.FOLDER, false),
              windows("minutes", Place.TABLE, "minutes", MINUTES)));

  private Shapes() {}

  private static Shape shape(String name, Traits traits, Shape.Output... outputs) {
    return new Shape(
        name, List.of("orders"), traits, traits.bad() ? "checked" : "", "", List.of(outputs));
  }

  private static Results windows(String name, Place place, String stage, String query) {
    return new Results(name, place, stage, FIGURES, query);
  }

  /** Returns the shape that is called {@code name}. */
  static Optional<Shape> named(String name) {
    return ALL.stream().filter(shape -> shape.name().equals(name)).findFirst();
  }

  private static Map<String, String> columns(String... declared) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column : declared) {
      int space = column.indexOf(' ');
      columns.put(column.substring(0, space), column.substring(space + 1));
    }
    return columns;
  }
}
