package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.house.GatewayClient;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table in a real PostgreSQL changes while rows are joined to it, and the node is killed. */
final class TableRefreshTest {
  private static final int ROWS_PER_BODY = 50;
  private static final int MOST_BODIES = 600;
  private static final String PIPELINE = "acceptance/refresh";

  /** The sink commits only when the pipeline stops, so that a killed node leaves steps undone. */
  private static final String DEFINITION =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: refresh, tenant: acceptance}
      spec:
        mode: streaming
        sources:
          orders:
            type: http
            schema: {n: {type: int64, required: true}, customer: {type: int64, required: true}}
        tables:
          customers:
            type: jdbc
            url: "%s"
            user: "${secret:board/user}"
            query: SELECT id, segment FROM customer ORDER BY id
            refresh: 1s
            schema: {id: {type: int64, required: true}, segment: {type: string}}
            key: id
        stages:
          named:
            type: sql
            inputs: [orders]
            query: SELECT o.n, c.segment FROM orders o LEFT JOIN customers c ON c.id = o.customer
        sinks:
          lake: {type: parquet, inputs: [named], path: lake, roll: {size: 1GiB, after: 1d}}
        streams:
          named: {inputs: [named], retain: 1d}
      """;

  private long fed;

  @Test
  void changedRow_switchesBetweenSteps_andRepeatedStepsUseTheRecordedOne(@TempDir Path data)
      throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        LocalHouse house = LockedHouse.started(data, postgres.getPort())) {
      String url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
      change(url, "CREATE TABLE customer (id BIGINT PRIMARY KEY, segment TEXT)");
      change(url, "INSERT INTO customer VALUES (1, 'retail')");
      ControlHttp control = new ControlHttp(house);
      control.apply(DEFINITION.formatted(url));
      GatewayClient gateway = house.gateway(TrialPolicy.SERVICE);

      feedUntil(gateway, "retail");
      change(url, "UPDATE customer SET segment = 'wholesale'");
      feedUntil(gateway, "wholesale");
      house.node("node-1").kill();
      house.startNode();
      feed(gateway);
      gateway.end(PIPELINE + "/orders");
      control.awaitSettled(PIPELINE, "orders", fed);
      control.pause(PIPELINE);

      Map<Long, String> streamed = streamed(gateway);
      assertThat(streamed).hasSize((int) fed);
      assertThat(streamed.values()).contains("retail", "wholesale");
      assertThat(Lake.await(data.resolve("node-1").resolve("lake"), "segment", fed))
          .isEqualTo(streamed);
      // Rows keep their order, so a switch between two steps splits them into before and after.
      assertThat(streamed.values().stream().dropWhile("retail"::equals).distinct())
          .containsExactly("wholesale");
    }
  }

  /** Feeds until a row comes out with {@code segment}. */
  private void feedUntil(GatewayClient gateway, String segment) throws InterruptedException {
    for (int body = 0; body < MOST_BODIES; body++) {
      feed(gateway);
      if (streamed(gateway).containsValue(segment)) {
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    throw new AssertionError("No row came out as " + segment);
  }

  private void feed(GatewayClient gateway) throws InterruptedException {
    StringBuilder body = new StringBuilder();
    for (int row = 0; row < ROWS_PER_BODY; row++) {
      body.append("{\"n\":").append(fed++).append(",\"customer\":1}\n");
    }
    gateway.post(PIPELINE + "/orders", "feeder", fed / ROWS_PER_BODY, body.toString());
  }

  private static Map<Long, String> streamed(GatewayClient gateway) throws InterruptedException {
    Map<Long, String> rows = new TreeMap<>();
    gateway.readAll(
        PIPELINE + "/named",
        (JsonNode row) -> {
          String before = rows.put(row.path("n").asLong(), row.path("segment").asText());
          assertThat(before).as("twice: " + row).isNull();
        });
    return rows;
  }

  private static void change(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url + "?user=postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
