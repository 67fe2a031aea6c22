package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.house.GatewayClient;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline's SQL changes while its node is dead, and goes back under load. */
final class RevisionsTest {
  private static final int ROWS_PER_BODY = 50;
  private static final int MOST_BODIES = 600;
  private static final int ROWS_PER_WINDOW = 100;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PIPELINE = "acceptance/revisions";

  /** The sink commits only when its task stops, so that a killed node leaves steps undone. */
  private static final String ONE =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: revisions, tenant: acceptance}
      spec:
        mode: streaming
        sources:
          orders:
            type: http
            schema: {n: {type: int64, required: true}, taken: {type: timestamp, required: true}}
            event_time: {field: taken, max_lateness: 1s}
        stages:
          named: {type: sql, inputs: [orders], query: "SELECT n, taken, 'one' AS word FROM orders"}
          counted:
            type: sql
            inputs: [named]
            key: []
            window: {tumbling: 10s, timezone: UTC}
            query: "SELECT count(*) AS orders, min(n) AS first, 'one' AS word FROM named"
        sinks:
          lake: {type: parquet, inputs: [named], path: lake, roll: {size: 1GiB, after: 1d}}
        streams:
          named: {inputs: [named], retain: 1d}
          counted: {inputs: [counted], retain: 1d}
      """;

  private static final String TWO = ONE.replace("'one'", "'two'");

  private long fed;

  @Test
  void revisionAfterKill_repeatsStepsAsTheyWereRecorded_thenSwitches(@TempDir Path data)
      throws Exception {
    try (LocalHouse house = LockedHouse.started(data)) {
      ControlHttp control = new ControlHttp(house);
      control.apply(ONE);
      GatewayClient gateway = house.gateway(TrialPolicy.SERVICE);

      feedUntil(gateway, "one", 5 * ROWS_PER_WINDOW + ROWS_PER_WINDOW / 2);
      house.node("node-1").kill();
      control.apply(TWO);
      house.startNode();
      feedUntil(gateway, "two", 0);
      long before = fed;
      control.rollback(PIPELINE);
      feedUntil(gateway, "one", before + ROWS_PER_BODY);
      gateway.end(PIPELINE + "/orders");
      control.awaitSettled(PIPELINE, "orders", fed);
      control.pause(PIPELINE);

      Map<Long, String> streamed = words(gateway, "named", "n");
      assertThat(streamed).hasSize((int) fed);
      assertThat(streamed.values().stream().dropWhile("one"::equals).dropWhile("two"::equals))
          .isNotEmpty()
          .containsOnly("one");
      assertThat(streamed.values()).contains("two");
      assertThat(Lake.await(data.resolve("node-1").resolve("lake"), "word", fed))
          .isEqualTo(streamed);
      assertWindows(gateway);
    }
  }

  /** Every window has all its rows, whichever revisions they came under. */
  private void assertWindows(GatewayClient gateway) throws InterruptedException {
    Map<Long, Long> orders = new TreeMap<>();
    gateway.readAll(
        PIPELINE + "/counted",
        row -> {
          Long twice = orders.put(row.path("first").asLong(), row.path("orders").asLong());
          assertThat(twice).as("twice: " + row).isNull();
        });
    Map<Long, Long> expected = new TreeMap<>();
    for (long first = 0; first < fed; first += ROWS_PER_WINDOW) {
      expected.put(first, Math.min(ROWS_PER_WINDOW, fed - first));
    }
    assertThat(orders).isEqualTo(expected);
  }

  /** Feeds until the newest row out says {@code word}, and at least {@code rows} in all. */
  private void feedUntil(GatewayClient gateway, String word, long rows)
      throws InterruptedException {
    String newest = "";
    for (int body = 0; body < MOST_BODIES; body++) {
      feed(gateway);
      NavigableMap<Long, String> out = words(gateway, "named", "n");
      newest = out.isEmpty() ? "" : out.lastEntry().getValue();
      if (newest.equals(word) && out.size() >= rows) {
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    throw new AssertionError("The newest row says '" + newest + "', not '" + word + "'");
  }

  private void feed(GatewayClient gateway) throws InterruptedException {
    StringBuilder body = new StringBuilder();
    for (int row = 0; row < ROWS_PER_BODY; row++) {
      Instant at = BEGIN.plusMillis(fed * 10_000 / ROWS_PER_WINDOW);
      body.append("{\"n\":%d,\"taken\":\"%s\"}%n".formatted(fed++, at));
    }
    gateway.post(PIPELINE + "/orders", "feeder", fed / ROWS_PER_BODY, body.toString());
  }

  private static NavigableMap<Long, String> words(GatewayClient gateway, String stream, String key)
      throws InterruptedException {
    NavigableMap<Long, String> rows = new TreeMap<>();
    gateway.readAll(
        PIPELINE + "/" + stream,
        (JsonNode row) -> {
          String twice = rows.put(row.path(key).asLong(), row.path("word").asText());
          assertThat(twice).as("twice: " + row).isNull();
        });
    return rows;
  }
}
