package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.house.GatewayClient;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of whatever SQL sees, asked for at control while rows flow through a real node. */
final class TapTest {
  private static final String PIPELINE = "acceptance/taps";
  private static final int MOST_BODIES = 600;
  private static final int ROWS_PER_BODY = 100;

  private static final String DEFINITION =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: taps, tenant: acceptance}
      spec:
        mode: streaming
        sources:
          readings:
            type: http
            schema:
              n: {type: int64, required: true}
              sensor: {type: string, required: true, sensitive: true}
              taken_at: {type: timestamp, required: true}
              temperature: {type: double, unit: "°F"}
            event_time: {field: taken_at, max_lateness: 5s}
        stages:
          clean:
            type: clean
            inputs: [readings]
            units: {temperature: "°C"}
            expect: {temperature is possible: temperature > -273.15}
          even: {type: sql, inputs: [clean], query: "SELECT n, sensor FROM clean WHERE n % 2 = 0"}
          tenfold: {type: sql, inputs: [even], query: "SELECT n * 10 AS n10 FROM even"}
          minutes:
            type: sql
            inputs: [tenfold]
            window: {tumbling: 1s, timezone: UTC}
            key: []
            query: SELECT count(*) AS rows FROM tenfold
          doubled: {type: sql, inputs: [minutes], query: "SELECT rows * 2 AS twice FROM minutes"}
          last: {type: sql, inputs: [doubled], query: "SELECT twice FROM doubled"}
        streams:
          out: {inputs: [last]}
      """;

  @Test
  void tap_sourceAndStagesThatNeverLeaveTheirTask_showsTheirRows(@TempDir Path data)
      throws Exception {
    try (LocalHouse house = LockedHouse.started(data)) {
      ControlHttp control = new ControlHttp(house);
      control.apply(DEFINITION);
      List<CompletableFuture<List<JsonNode>>> taps = new ArrayList<>();
      for (String of : List.of("readings", "clean", "even", "tenfold", "minutes", "doubled")) {
        taps.add(control.tap(PIPELINE, of, 5));
      }
      long rows = feedUntil(taps, house);

      for (JsonNode row : taps.get(0).join()) {
        assertThat(row.path("sensor").asText()).isEqualTo("***");
        assertThat(row.path("event_time")).isEqualTo(row.path("taken_at"));
      }
      for (JsonNode row : taps.get(1).join()) {
        double fahrenheit = 32 + (row.path("n").asLong() * 31 % 180) / 2.0;
        assertThat(row.path("temperature").asDouble())
            .isCloseTo((fahrenheit - 32) * 5 / 9, Offset.offset(1e-9));
      }
      assertThat(taps.get(2).join()).allMatch(row -> row.path("n").asLong() % 2 == 0);
      assertThat(taps.get(3).join()).allMatch(row -> row.path("n10").asLong() % 20 == 0);
      assertThat(taps.get(4).join())
          .allMatch(row -> row.path("rows").asLong() > 0 && row.has("window_start"));
      assertThat(taps.get(5).join()).allMatch(row -> row.path("twice").asLong() % 2 == 0);
      assertThat(taps).allSatisfy(tap -> assertThat(tap.join()).hasSize(5));

      JsonNode status = control.awaitSettled(PIPELINE, "readings", rows);
      assertThat(ControlHttp.counts(status, "readings").path("in").asLong()).isEqualTo(rows);
      assertThat(ControlHttp.counts(status, "clean").path("quarantined").asLong())
          .isEqualTo(new Readings(rows).impossible());
      assertThat(ControlHttp.counts(status, "last").path("out").asLong())
          .isEqualTo(ControlHttp.counts(status, "minutes").path("out").asLong());
    }
  }

  /** Feeds rows until every tap has answered; returns how many. */
  private static long feedUntil(List<CompletableFuture<List<JsonNode>>> taps, LocalHouse house)
      throws Exception {
    GatewayClient gateway = house.gateway(TrialPolicy.SERVICE);
    List<String> bodies = new Readings((long) MOST_BODIES * ROWS_PER_BODY).bodies(ROWS_PER_BODY);
    CompletableFuture<Void> all = CompletableFuture.allOf(taps.toArray(CompletableFuture[]::new));
    int fed = 0;
    while (!all.isDone() && fed < MOST_BODIES) {
      gateway.post(PIPELINE + "/readings", "feeder", fed + 1L, bodies.get(fed));
      fed++;
      LockSupport.parkNanos(20_000_000);
    }
    gateway.end(PIPELINE + "/readings");
    all.get(60, TimeUnit.SECONDS);
    return (long) fed * ROWS_PER_BODY;
  }
}
