package io.sagitta.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.house.GatewayClient;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.impl.auth.AuthenticationTls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stream read with the Arrow library of another language: as the gateway serves it, and message
 * by message with nothing but Pulsar's own client.
 */
final class ForeignReaderTest {
  private static final Path SCRIPTS = Path.of("src/test/node");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PIPELINE = "acceptance/foreign";
  private static final int ROWS = 600;
  private static final int ROWS_PER_BODY = 60;

  private static final String DEFINITION =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: foreign, tenant: acceptance}
      spec:
        mode: streaming
        parallelism: 2
        sources:
          rows:
            type: http
            schema:
              big: {type: int64, required: true}
              tiny: {type: int8}
              small: {type: int16}
              middle: {type: int32}
              flag: {type: boolean}
              half: {type: float}
              whole: {type: double}
              exact: {type: "decimal(20,4)"}
              text: {type: string}
              bytes: {type: binary}
              day: {type: date}
              moment: {type: timestamp, required: true}
            event_time: {field: moment}
        stages:
          kept: {type: sql, inputs: [rows], query: "SELECT * FROM rows WHERE big IS NOT NULL"}
        streams:
          all: {inputs: [kept]}
      """;

  private static final List<String> COLUMNS =
      List.of(
          "big: Int64",
          "tiny: Int8",
          "small: Int16",
          "middle: Int32",
          "flag: Bool",
          "half: Float32",
          "whole: Float64",
          "exact: Decimal[20e+4]",
          "text: Utf8",
          "bytes: Binary",
          "day: Date32<DAY>",
          "moment: Timestamp<MICROSECOND, UTC>",
          "event_time: Timestamp<MICROSECOND, UTC>");

  /** Returns row {@code i} as it is posted; every value but the first and last may be missing. */
  private static ObjectNode posted(int i) {
    ObjectNode row = JSON.createObjectNode().put("big", 9_007_199_254_740_993L + i);
    if (i % 7 != 3) {
      row.put("tiny", i % 256 - 128).put("small", i * 109 - 32_768);
      row.put("middle", i * 7_000_001 - 2_100_000_000).put("flag", i % 3 == 0);
      row.put("half", i / 8.0).put("whole", i / 3.0);
      row.put("exact", (i % 2 == 0 ? "" : "-") + "900719925474099" + i % 10 + ".0001");
      row.put("text", "Zürich \uD83D\uDE80 " + i);
      row.put("bytes", Base64.getEncoder().encodeToString(new byte[] {(byte) i, 0, -1}));
      row.put("day", LocalDate.of(1950, 1, 1).plusDays(i * 100L).toString());
    }
    Instant moment = Instant.parse("1999-12-31T23:59:00.123Z").plusSeconds(i);
    return row.put("moment", moment.toString());
  }

  /** Returns row {@code i} as the script prints it. */
  private static ObjectNode expected(int i) {
    ObjectNode row = posted(i);
    for (String column : COLUMNS) {
      String name = column.substring(0, column.indexOf(':'));
      if (!row.has(name)) {
        row.putNull(name);
      } else if (column.contains(": Int")) {
        row.put(name, row.get(name).asText());
      }
    }
    return row.put("event_time", row.get("moment").asText());
  }

  @Test
  void rows_readByApacheArrowForJavaScript_areTheSame(@TempDir Path data, @TempDir Path folder)
      throws Exception {
    if (!hasNode()) {
      System.out.println("Skipped: no Node.js here, so no second Arrow library to read with");
      return;
    }
    for (String file : List.of("package.json", "package-lock.json", "read.mjs")) {
      Files.copy(SCRIPTS.resolve(file), folder.resolve(file));
    }
    run(folder, List.of("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"));
    try (LocalHouse house = LockedHouse.started(data)) {
      ControlHttp control = new ControlHttp(house);
      control.apply(DEFINITION);
      post(house.gateway(TrialPolicy.SERVICE));
      JsonNode status = control.awaitSettled(PIPELINE, "rows", ROWS);
      assertThat(ControlHttp.counts(status, "kept").path("out").asInt())
          .as(status.toPrettyString())
          .isEqualTo(ROWS);

      List<String> files = payloads(house, folder);
      assertThat(files).hasSizeGreaterThan(1);
      assertSame(read(house, folder, files));
      String rows = "https://127.0.0.1:%d/v1/streams/%s/all/rows?limit=10000";
      assertSame(read(house, folder, List.of(rows.formatted(house.ports().gateway(), PIPELINE))));
    }
  }

  private static void post(GatewayClient gateway) throws InterruptedException {
    for (int from = 0; from < ROWS; from += ROWS_PER_BODY) {
      StringBuilder body = new StringBuilder();
      for (int i = from; i < from + ROWS_PER_BODY; i++) {
        body.append(posted(i)).append('\n');
      }
      // Two names, so that both partitions get rows.
      String name = "feeder" + from / ROWS_PER_BODY % 2;
      gateway.post(PIPELINE + "/rows", name, 1 + from / ROWS_PER_BODY / 2, body.toString());
    }
  }

  /** Reads the stream's topic as any client of Pulsar can; returns a file for each message. */
  private static List<String> payloads(LocalHouse house, Path folder) throws IOException {
    List<String> files = new ArrayList<>();
    Path own = house.credentials(TrialPolicy.SERVICE);
    try (PulsarClient client =
            PulsarClient.builder()
                .serviceUrl(house.pulsar().brokerUrl())
                .tlsTrustCertsFilePath(own.resolve("ca.pem").toString())
                .enableTlsHostnameVerification(true)
                .authentication(
                    new AuthenticationTls(
                        own.resolve("cert.pem").toString(), own.resolve("key.pem").toString()))
                .build();
        Consumer<byte[]> consumer =
            client
                .newConsumer()
                .topic("persistent://" + PIPELINE + "/out.all")
                .subscriptionName("foreign")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
      Message<byte[]> message = consumer.receive(20, TimeUnit.SECONDS);
      while (message != null && files.size() <= ROWS) {
        String file = "message-" + files.size() + ".arrow";
        Files.write(folder.resolve(file), message.getValue());
        files.add(file);
        message = consumer.receive(3, TimeUnit.SECONDS);
      }
    }
    return files;
  }

  private static JsonNode read(LocalHouse house, Path folder, List<String> places)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "NODE_EXTRA_CA_CERTS=" + house.credentials(TrialPolicy.SERVICE).resolve("ca.pem"),
                "TOKEN=" + new ControlHttp(house).token(),
                "node",
                "read.mjs"));
    command.addAll(places);
    return JSON.readTree(run(folder, command));
  }

  private static void assertSame(JsonNode read) throws IOException {
    List<String> columns = new ArrayList<>();
    read.path("columns").forEach(column -> columns.add(column.asText()));
    assertThat(columns).isEqualTo(COLUMNS);
    List<JsonNode> rows = new ArrayList<>();
    read.path("rows").forEach(rows::add);
    rows.sort(Comparator.comparingLong(row -> row.path("big").asLong()));
    assertThat(rows).hasSize(ROWS);
    for (int i = 0; i < ROWS; i++) {
      assertThat(rows.get(i)).isEqualTo(JSON.readTree(normal(expected(i)).toString()));
    }
  }

  /** JavaScript prints 1.0 as 1. */
  private static ObjectNode normal(ObjectNode row) {
    for (String name : List.of("half", "whole")) {
      double value = row.path(name).asDouble();
      if (row.hasNonNull(name) && value == Math.rint(value)) {
        row.put(name, (int) value);
      }
    }
    return row;
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0
          && new ProcessBuilder("npm", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(Path folder, List<String> command) throws Exception {
    Path errors = folder.resolve("errors.txt");
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(4, TimeUnit.MINUTES))
          .as("%s within 4 min", command.get(0))
          .isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors, UTF_8)).isZero();
      return Files.readString(output, UTF_8);
    } finally {
      process.destroy();
    }
  }
}
