package io.sagitta.node.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stage of a batch run makes, beside plain DuckDB over the same files. */
class BatchStagesTest {
  private static final String SOURCES =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: flights, tenant: aviation}
      spec:
        mode: batch
        sources:
          flights:
            type: file
            path: %1$s/in/flights.%2$s
            format: %2$s
            schema: {date: {type: timestamp}, delay: {type: int32}, distance: {type: int32}, origin: {type: string, required: true}}
            event_time: {field: date}
          weather:
            type: file
            path: %1$s/in/weather.%2$s
            format: %2$s
            schema: {at: {type: timestamp}, origin: {type: string, required: true}, wind: {type: int32}}
            event_time: {field: at}
        sinks:
          board: {type: jdbc, inputs: [made], url: "jdbc:duckdb:%1$s/out/board.duckdb", table: made}
      """;
  private static final String FLIGHTS = BatchRig.flights(0, 9_000);
  private static final String WEATHER =
      "SELECT TIMESTAMPTZ '2001-01-01 00:00:00+00' + to_minutes(i * 53) AS at, 'A' || (i % 7) AS"
          + " origin, CAST(i % 40 AS INTEGER) AS wind FROM range(0, 2000) t(i)";
  private static final String DATA =
      "WITH flights AS (" + FLIGHTS + "), weather AS (" + WEATHER + ") ";

  private final BatchRig rig;
  private final Path folder;

  BatchStagesTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    rig = new BatchRig(folder);
  }

  @AfterEach
  void nothingLeaks() {
    rig.close();
  }

  private BatchResult run(String format, String rest) throws Exception {
    rig.input(format, "flights." + format, FLIGHTS);
    rig.input(format, "weather." + format, WEATHER);
    return rig.run(SOURCES.formatted(folder, format) + rest.indent(2), "r1");
  }

  private void assertMade(String plain) throws Exception {
    List<String> made = rig.board("SELECT * FROM made ORDER BY ALL");
    assertThat(made).isEqualTo(rig.duck(DATA + plain + " ORDER BY ALL")).isNotEmpty();
  }

  private static void assertBalances(BatchResult result) {
    assertThat(result.ledger()).isNotEmpty();
    result
        .ledger()
        .forEach(
            (stage, c) -> {
              boolean window = stage.equals("made");
              long rest = c.filtered() + c.duplicates() + c.quarantined() + c.late() + c.held();
              assertThat(c.in()).as(stage).isEqualTo(rest + (window ? 0 : c.out()));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv"})
  void wholeInput_byKey_isOneWindow(String format) throws Exception {
    BatchResult result =
        run(
            format,
            """
            stages:
              made:
                type: sql
                inputs: [flights]
                key: [origin]
                query: SELECT origin, count(*) AS n, sum(delay) AS delay, max(window_end) AS w FROM flights GROUP BY origin
            """);
    assertMade(
        "SELECT origin, count(*), sum(delay), max(e), s, e, e FROM flights, (SELECT min(date) AS s,"
            + " max(date) + INTERVAL 1 MICROSECOND AS e FROM flights) GROUP BY origin, s, e");
    assertThat(BatchRig.counts(result, "made")).isEqualTo(new Counts(9_000, 6, 9_000, 0, 0, 0, 0));
    assertBalances(result);
  }

  @Test
  void wholeInput_ofTwoSources_joinsAllTheirRows() throws Exception {
    BatchResult result =
        run(
            "parquet",
            """
            stages:
              delayed: {type: sql, inputs: [flights], query: SELECT * FROM flights WHERE delay > 20}
              made:
                type: sql
                inputs: [delayed, weather]
                key: [origin]
                query: |
                  SELECT f.origin, count(*) AS n, sum(w.wind) AS wind
                  FROM delayed f ASOF JOIN weather w ON f.origin = w.origin AND f.date >= w.at
                  GROUP BY f.origin
            """);
    assertMade(
        "SELECT f.origin, count(*), sum(w.wind), s, e, e FROM (SELECT * FROM flights WHERE delay >"
            + " 20) f ASOF JOIN weather w ON f.origin = w.origin AND f.date >= w.at, (SELECT min(t)"
            + " AS s, max(t) + INTERVAL 1 MICROSECOND AS e FROM (SELECT date AS t FROM flights WHERE"
            + " delay > 20 UNION ALL SELECT w.at FROM weather w)) GROUP BY f.origin, s, e");
    assertBalances(result);
  }

  @Test
  void wholeInput_rowMakesAStageBeforeItFail_isTheSameRunAsInStreaming() throws Exception {
    BatchResult result =
        run(
            "parquet",
            """
            stages:
              read: {type: sql, inputs: [flights], query: "SELECT *, CAST(CASE WHEN delay = 7 THEN 'x' ELSE '1' END AS INTEGER) AS one FROM flights"}
              made: {type: sql, inputs: [read], key: [], query: SELECT sum(one) AS n FROM read}
            """);
    assertMade(
        "SELECT count(*), min(date), max(date) + INTERVAL 1 MICROSECOND AS e, e FROM flights WHERE"
            + " delay <> 7");
    assertThat(result.quarantined()).isEqualTo(100);
    assertBalances(result);
  }

  @Test
  void wholeInput_withoutEventTimeAndRows_isStillOne() throws Exception {
    run(
        "csv",
        """
        stages:
          none: {type: sql, inputs: [flights], query: "SELECT * EXCLUDE (event_time), CAST(NULL AS TIMESTAMPTZ) AS event_time FROM flights WHERE delay > 78"}
          made: {type: sql, inputs: [none], key: [], query: SELECT count(*) AS n FROM none}
        """);
    assertMade("SELECT count(*), NULL, NULL, NULL FROM flights WHERE delay > 78");
  }

  @Test
  void sliding_overlappingWindows_equalPlainDuckDb() throws Exception {
    BatchResult result =
        run(
            "parquet",
            """
            stages:
              made:
                type: sql
                inputs: [flights]
                key: [origin]
                window: {sliding: 6h, every: 2h}
                query: SELECT origin, count(*) AS n, sum(delay) AS delay FROM flights GROUP BY origin
            """);
    assertMade(
        "SELECT origin, count(*), sum(delay), s, s + INTERVAL 6 HOUR AS e, e FROM flights, (SELECT"
            + " TIMESTAMPTZ '2000-12-31 00:00:00+00' + to_hours(h * 2) AS s FROM range(0, 900) r(h))"
            + " WHERE date >= s AND date < s + INTERVAL 6 HOUR GROUP BY origin, s");
    assertBalances(result);
  }

  @Test
  void session_gapsByKey_equalPlainDuckDb() throws Exception {
    BatchResult result =
        run(
            "parquet",
            """
            stages:
              made:
                type: sql
                inputs: [flights]
                key: [origin]
                window: {session: 90m}
                query: SELECT origin, count(*) AS n FROM flights GROUP BY origin
            """);
    assertMade(
        """
        SELECT origin, count(*), min(date), max(date) + INTERVAL 90 MINUTE AS e, e FROM (
          SELECT *, sum(fresh) OVER (PARTITION BY origin ORDER BY date) AS nr FROM (
            SELECT *, CASE WHEN date < lag(date) OVER (PARTITION BY origin ORDER BY date) + INTERVAL 90 MINUTE
              THEN 0 ELSE 1 END AS fresh FROM flights))
        GROUP BY origin, nr
        """);
    assertBalances(result);
  }

  @Test
  void tumbling_joinOfTwoSources_equalsPlainDuckDb() throws Exception {
    BatchResult result =
        run(
            "json",
            """
            stages:
              made:
                type: sql
                inputs: [flights, weather]
                key: [origin]
                window: {tumbling: 1d}
                query: |
                  SELECT f.origin, count(*) AS n, sum(w.wind) AS wind
                  FROM flights f JOIN weather w ON f.origin = w.origin AND f.delay = w.wind
                  GROUP BY f.origin
            """);
    assertMade(
        "SELECT f.origin, count(*), sum(w.wind), date_trunc('day', date) AS s, s + INTERVAL 1 DAY AS"
            + " e, e FROM flights f JOIN weather w ON f.origin = w.origin AND f.delay = w.wind AND"
            + " date_trunc('day', f.date) = date_trunc('day', w.at) GROUP BY f.origin, s");
    assertBalances(result);
  }

  @Test
  void tables_ofFileAndJdbc_areJoined() throws Exception {
    Files.writeString(rig.in("cities.csv"), "code,city\nA1,Las Vegas\nA2,Phoenix\n");
    String url = "jdbc:duckdb:" + rig.in("base.duckdb");
    rig.query(
        url,
        "CREATE TABLE runways AS SELECT 'A' || i AS code, CAST(i AS INTEGER) AS runways FROM range(2, 5) t(i)");
    BatchResult result =
        run(
            "parquet",
            """
            tables:
              cities: {type: file, path: %1$s/in/cities.csv, key: code, schema: {code: {type: string}, city: {type: string}}}
              runways: {type: jdbc, url: "jdbc:duckdb:%1$s/in/base.duckdb", query: SELECT * FROM runways, key: code, schema: {code: {type: string}, runways: {type: int32}}}
            stages:
              named:
                type: sql
                inputs: [flights]
                query: SELECT f.*, c.city, r.runways FROM flights f LEFT JOIN cities c ON c.code = f.origin LEFT JOIN runways r ON r.code = f.origin
              made:
                type: sql
                inputs: [named]
                key: []
                query: SELECT city, runways, count(*) AS n FROM named GROUP BY ALL
            """
                .formatted(folder));
    assertMade(
        "SELECT CASE origin WHEN 'A1' THEN 'Las Vegas' WHEN 'A2' THEN 'Phoenix' END AS c, CASE WHEN"
            + " origin IN ('A2', 'A3', 'A4') THEN CAST(origin[2:] AS INTEGER) END AS r, count(*), s,"
            + " e, e FROM flights, (SELECT min(date) AS s, max(date) + INTERVAL 1 MICROSECOND AS e"
            + " FROM flights) GROUP BY c, r, s, e");
    assertBalances(result);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void badRows_inManyChunksOfManyFiles_areQuarantinedAndTheOthersKeepTheirOrder(String format)
      throws Exception {
    String flights = BatchRig.flights(0, 120_000);
    String broken =
        "SELECT CASE WHEN i % 10007 = 5 THEN 'soon' ELSE CAST(date AS VARCHAR) END AS date, delay,"
            + " CASE WHEN i % 20011 = 7 THEN CAST('\"far\"' AS JSON) ELSE to_json(distance) END AS distance,"
            + " CASE WHEN i % 30011 = 9 THEN NULL ELSE origin END AS origin FROM (SELECT *,"
            + " row_number() OVER () - 1 AS i FROM ("
            + flights
            + "))";
    Files.createDirectories(rig.in("flights." + format));
    rig.input(format, "flights." + format + "/a." + format, broken + " WHERE i < 70000 ORDER BY i");
    rig.input(
        format, "flights." + format + "/b." + format, broken + " WHERE i >= 70000 ORDER BY i");
    rig.input(format, "weather." + format, WEATHER);
    BatchResult result =
        rig.run(
            SOURCES.formatted(folder, format)
                + """
                stages:
                  made: {type: dedupe, inputs: [flights], key: [origin, distance], within: 1000d}
                """
                    .indent(2),
            "r1");
    String good =
        "WITH good AS (SELECT *, row_number() OVER () - 1 AS i FROM ("
            + flights
            + ")) SELECT * EXCLUDE"
            + " (i), date AS event_time FROM good WHERE i % 10007 <> 5 AND i % 20011 <> 7 AND i % 30011"
            + " <> 9 QUALIFY row_number() OVER (PARTITION BY origin, distance ORDER BY i) = 1 ORDER BY"
            + " ALL";
    assertThat(rig.board("SELECT * FROM made ORDER BY ALL")).isEqualTo(rig.duck(good)).isNotEmpty();
    assertThat(
            rig.duck(
                "SELECT reason, count(*) FROM '"
                    + result.quarantine().orElseThrow()
                    + "' WHERE stage = 'flights' GROUP BY ALL ORDER BY ALL"))
        .containsExactly("bad_event_time 12", "missing_required 4", "wrong_type 6");
    Counts source = BatchRig.counts(result, "flights");
    assertThat(source.in()).isEqualTo(120_000);
    assertThat(source.quarantined()).isEqualTo(12 + 6 + 4).isEqualTo(result.quarantined());
    assertThat(source.out()).isEqualTo(source.in() - source.quarantined());
  }
}
