package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.house.GatewayClient;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows in a real PostgreSQL and in a Parquet folder, over kill -9 of the node. */
final class SinksTest {
  private static final int ROWS = 30_000;
  private static final int ROWS_PER_BODY = 300;
  private static final String PIPELINE = "acceptance/sinks";

  private static final String DEFINITION =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: sinks, tenant: acceptance}
      spec:
        mode: streaming
        sources:
          readings:
            type: http
            schema:
              n: {type: int64, required: true}
              sensor: {type: string, required: true}
              taken_at: {type: timestamp, required: true}
              temperature: {type: double, unit: "°F"}
            event_time: {field: taken_at, max_lateness: 5s}
        stages:
          clean:
            type: clean
            inputs: [readings]
            units: {temperature: "°C"}
            expect: {temperature is possible: temperature > -273.15}
          minutes:
            type: sql
            inputs: [clean]
            key: [sensor]
            window: {tumbling: 1m, timezone: UTC}
            query: SELECT sensor, count(*) AS readings, max(n) AS last FROM clean GROUP BY sensor
        sinks:
          lake:
            type: parquet
            inputs: [clean]
            path: lake
            partition_by: [sensor]
            roll: {size: 16MiB, after: 2s}
          rows:
            type: jdbc
            inputs: [clean]
            url: "%1$s"
            user: "${secret:board/user}"
            table: readings
          board:
            type: jdbc
            inputs: [minutes]
            url: "%1$s"
            user: "${secret:board/user}"
            table: minutes
            key: [sensor, window_start]
      """;

  @Test
  void kill_nodeInMidFlow_everySinkHasEveryRowOnce(@TempDir Path data) throws Exception {
    List<String> bodies = new Readings(ROWS).bodies(ROWS_PER_BODY);
    long kept = ROWS - new Readings(ROWS).impossible();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        LocalHouse house = LockedHouse.started(data, postgres.getPort())) {
      String url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
      ControlHttp control = new ControlHttp(house);
      control.apply(DEFINITION.formatted(url));
      GatewayClient gateway = house.gateway(TrialPolicy.SERVICE);
      for (int i = 0; i < bodies.size(); i++) {
        if (i == bodies.size() / 3 || i == bodies.size() * 2 / 3) {
          house.node("node-1").kill();
          house.startNode();
        }
        gateway.post(PIPELINE + "/readings", "feeder", i + 1L, bodies.get(i));
      }
      gateway.end(PIPELINE + "/readings");
      control.awaitSettled(PIPELINE, "readings", ROWS);

      String sql = "SELECT count(*), count(DISTINCT n), sum(n) FROM ";
      String parquet =
          sql + "read_parquet('" + data.resolve("node-1").resolve("lake") + "/*/*.parquet')";
      String counts = "SELECT sum(readings), count(*), max(last) FROM minutes";
      String user = url + "?user=postgres";
      await(() -> answer(user, sql + "readings"), kept);
      await(() -> answer("jdbc:duckdb:", parquet), kept);
      assertThat(answer("jdbc:duckdb:", parquet)).isEqualTo(answer(user, sql + "readings"));
      assertThat(answer(user, sql + "readings")).startsWith(kept + " " + kept + " ");
      await(() -> answer(user, counts), kept);
      assertThat(answer(user, counts))
          .startsWith(kept + " " + new Readings(ROWS).expected().size() + " ");
    }
  }

  private interface Answer {
    String get() throws SQLException;
  }

  /** Waits until the first figure is {@code wanted}: sinks commit some time after the ledger. */
  private static void await(Answer answer, long wanted) throws SQLException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!answer.get().startsWith(wanted + " ")) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Wanted " + wanted + " rows, there are " + answer.get());
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  private static String answer(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1) + " " + row.getString(2) + " " + row.getString(3);
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("No files found")
          || String.valueOf(e.getMessage()).contains("does not exist")) {
        return "none";
      }
      throw e;
    }
  }
}
