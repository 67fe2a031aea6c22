package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.RoleProcess;
import io.sagitta.house.TrialPolicy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL that is away for a minute while a client sends as fast as it is let: memory stays
 * bounded, the client is told to wait, no row is lost or repeated, and the status says how long the
 * backlog takes.
 */
final class SinkAwayTest {
  private static final String PIPELINE = "acceptance/away";
  private static final int ROWS_PER_BODY = 5_000;
  private static final Duration AWAY = Duration.ofSeconds(60);
  private static final long LIMIT_MEBIBYTES = 24;
  private static final long PATIENCE_SECONDS = 240;

  /** By how much a process may grow once the pipeline is held; its heap may still fill. */
  private static final long GROWTH_KIBIBYTES = 200 << 10;

  private static final String DEFINITION =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: away, tenant: acceptance}
      spec:
        mode: streaming
        sources:
          readings:
            type: http
            schema:
              n: {type: int64, required: true}
              sensor: {type: string, required: true}
        stages:
          clean:
            type: clean
            inputs: [readings]
            expect: {number is positive: n > 0}
        sinks:
          rows:
            type: jdbc
            inputs: [clean]
            url: "%s"
            user: "${secret:board/user}"
            table: readings
            key: [n]
      """;

  /** What a client saw that sends all the time. */
  private static final class Client {
    private final HttpClient http;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicInteger held = new AtomicInteger();
    private volatile boolean ends;
    private volatile String words = "";

    private Client(HttpClient http) {
      this.http = http;
    }

    private void send(URI source) {
      try {
        for (long sequence = 1; !ends; sequence++) {
          long first = (sequence - 1) * ROWS_PER_BODY + 1;
          post(source, sequence, body(first));
          rows.addAndGet(ROWS_PER_BODY);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void post(URI source, long sequence, String body)
        throws IOException, InterruptedException {
      long deadline = deadline();
      while (true) {
        HttpResponse<String> answer =
            http.send(
                HttpRequest.newBuilder(source)
                    .header("Content-Type", "application/x-ndjson")
                    .header("Sagitta-Producer", "feeder")
                    .header("Sagitta-Sequence", Long.toString(sequence))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return;
        }
        assertThat(answer.statusCode()).as(answer.body()).isIn(429, 503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        if (answer.body().contains("urn:sagitta:problem:backpressure")) {
          words = answer.body();
          held.incrementAndGet();
        }
        assertThat(System.nanoTime()).as("waits too long: %s", answer.body()).isLessThan(deadline);
        LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
      }
    }
  }

  private static String body(long first) {
    StringBuilder lines = new StringBuilder();
    for (long n = first; n < first + ROWS_PER_BODY; n++) {
      // Figures that do not compress away, so that what waits has some size.
      lines
          .append("{\"n\":")
          .append(n)
          .append(",\"sensor\":\"")
          .append(Long.toHexString(n * 0x9E3779B97F4A7C15L))
          .append("\"}\n");
    }
    return lines.toString();
  }

  @Test
  void sinkAwayForAMinute_holdsIngestAndLosesNothing(@TempDir Path data) throws Exception {
    Path database = data.resolve("postgres");
    EmbeddedPostgres postgres = database(database, 0);
    int port = postgres.getPort();
    try (LocalHouse house = LockedHouse.in(data, port)) {
      String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
      house.startPulsar();
      house.startControl("backlog: {limit: %dMiB}".formatted(LIMIT_MEBIBYTES));
      house.startGateway();
      house.startNode();
      house.awaitReady();
      ControlHttp control = new ControlHttp(house);
      control.apply(DEFINITION.formatted(url));
      HouseAccess access = house.access(TrialPolicy.SERVICE);
      Client client = new Client(access.client());
      URI source =
          access.at(house.ports().gateway()).resolve("/v1/sources/" + PIPELINE + "/readings");
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> client.send(source));
      try {
        await("rows in PostgreSQL", () -> count(url) > 0);
        postgres.close();
        long since = System.nanoTime();
        await("ingest is held", () -> client.held.get() > 0);
        assertThat(client.words).contains("MiB wait for the tasks of " + PIPELINE);
        JsonNode backlog = control.status(PIPELINE).path("backlog");
        assertThat(backlog.path("bytes").asLong()).isGreaterThan(LIMIT_MEBIBYTES << 20);
        assertThat(backlog.path("backpressure").path("limitBytes").asLong())
            .isEqualTo(LIMIT_MEBIBYTES << 20);
        long rowsWhenHeld = client.rows.get();
        long gatewayThen = resident(house.gateway());
        long nodeThen = resident(house.node("node-1"));
        await("a minute away", () -> System.nanoTime() - since > AWAY.toNanos());
        // A body that was on its way when the word came, and no more.
        assertThat(client.rows.get() - rowsWhenHeld).isLessThan(20 * ROWS_PER_BODY);
        assertThat(resident(house.gateway()) - gatewayThen).isLessThan(GROWTH_KIBIBYTES);
        assertThat(resident(house.node("node-1")) - nodeThen).isLessThan(GROWTH_KIBIBYTES);

        postgres = database(database, port);
        await(
            "the status says how long",
            () ->
                control.status(PIPELINE).path("backlog").path("drainedInSeconds").asDouble(0) > 0);
        await("ingest goes on", () -> client.rows.get() > rowsWhenHeld + 20 * ROWS_PER_BODY);
        client.ends = true;
        sending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long sent = client.rows.get();
        control.awaitSettled(PIPELINE, "readings", sent);
        await("all rows in PostgreSQL", () -> count(url) >= sent);
        assertThat(answer(url, "SELECT count(*), count(DISTINCT n), sum(n) FROM readings"))
            .isEqualTo(sent + " " + sent + " " + sent * (sent + 1) / 2);
        await(
            "the backlog is gone",
            () -> !control.status(PIPELINE).path("backlog").hasNonNull("bytes"));
      } finally {
        client.ends = true;
        postgres.close();
      }
    }
  }

  /** Starts PostgreSQL with what {@code folder} has; 0 takes a free port. */
  private static EmbeddedPostgres database(Path folder, int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("data"))
            .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
            .setCleanDataDirectory(false);
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  private static long resident(RoleProcess process) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", process.pid() + "", "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new AssertionError("Process " + process.pid() + " has no memory");
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static long deadline() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
  }

  private static void await(String what, Condition condition) throws Exception {
    long deadline = deadline();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("waiting: " + what).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    }
  }

  private static long count(String url) throws SQLException {
    String answer = answer(url, "SELECT count(*), 0, 0 FROM readings");
    return Long.parseLong(answer.substring(0, answer.indexOf(' ')));
  }

  private static String answer(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url + "?user=postgres");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1) + " " + row.getString(2) + " " + row.getString(3);
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).contains("does not exist")) {
        return "0 0 0";
      }
      throw e;
    }
  }
}
