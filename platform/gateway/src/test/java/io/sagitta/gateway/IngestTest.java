package io.sagitta.gateway;

import static io.sagitta.gateway.House.at;
import static io.sagitta.gateway.House.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.sagitta.engine.Progress;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.Header;
import io.sagitta.transport.PipelineId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealPulsar.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IngestTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final String ARROW = "application/vnd.apache.arrow.stream";
  private static final String SPEC =
      """
      sources:
        flights:
          type: http
          schema:
            date: {type: timestamp}
            delay: {type: int32}
            origin: {type: string, required: true}
          event_time: {field: date, max_lateness: 1m}
      stages:
        kept: {type: sql, inputs: [flights], query: "SELECT * FROM flights"}
      streams:
        out: {inputs: [kept], key: [origin]}
      """;
  private static final String KEYED =
      SPEC.replace("    event_time:", "    key: [origin]\n    event_time:");

  private final House house;
  private final RunningRole gateway;
  private int pipelines;

  IngestTest(LocalPulsar pulsar) throws Exception {
    house = new House(pulsar);
    gateway = house.gateway(house.configuration());
  }

  @AfterAll
  void close() {
    house.close();
  }

  private PipelineId pipeline(int parallelism, String spec) throws Exception {
    pipelines++;
    return house.apply(gateway, "ingest", "p" + pipelines, parallelism, spec);
  }

  private static String path(PipelineId pipeline) {
    return "/v1/sources/" + pipeline + "/flights";
  }

  private static String row(int i, String origin) {
    return "{\"date\":\"2001-01-01T00:00:%02dZ\",\"delay\":%d,\"origin\":\"%s\"}"
        .formatted(i % 60, i, origin);
  }

  private static String stored(int i, String origin) {
    return row(i, origin);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private List<SourceTopic.Message> topic(PipelineId pipeline, int partitions) throws Exception {
    return SourceTopic.read(house.connection, pipeline, "flights", partitions);
  }

  private void assertStored(PipelineId pipeline, String... rows) throws Exception {
    assertThat(SourceTopic.rows(topic(pipeline, 1), Header.Kind.ROWS)).containsExactly(rows);
  }

  private static void assertTaken(HttpResponse<String> reply, int accepted, int rejected) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.body())
        .startsWith(
            "{\"accepted\":%d,\"rejected\":%d,\"duplicate\":false".formatted(accepted, rejected));
  }

  private static void assertProblem(HttpResponse<String> reply, int status, String... words) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(reply.body())
        .satisfies(body -> List.of(words).forEach(word -> assertThat(body).contains(word)));
  }

  /** A body with columns origin and delay. */
  private static byte[] arrow(int rows) {
    Schema schema =
        new Schema(
            List.of(
                Field.nullable("date", io.sagitta.engine.WireSchemas.TIMESTAMP),
                Field.nullable("delay", new ArrowType.Int(32, true)),
                Field.nullable("origin", ArrowType.Utf8.INSTANCE)));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      var dates = (org.apache.arrow.vector.TimeStampMicroTZVector) root.getVector("date");
      IntVector delays = (IntVector) root.getVector("delay");
      VarCharVector origins = (VarCharVector) root.getVector("origin");
      for (int i = 0; i < rows; i++) {
        dates.setSafe(i, 978_307_200_000_000L + (i % 60) * 1_000_000L);
        delays.setSafe(i, i);
        origins.setSafe(i, "LAS".getBytes(UTF_8));
      }
      root.setRowCount(rows);
      return IpcCodec.toBytes(root);
    }
  }

  @Test
  void post_everyFormat_storesTheSameRows() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    String json = row(0, "LAS");
    assertTaken(
        house.send(post(gateway, path(pipeline), json + "\n" + row(1, "LAS") + "\n", NDJSON)),
        2,
        0);
    assertTaken(
        house.send(post(gateway, path(pipeline), "[" + json + "]", "application/json")), 1, 0);
    assertTaken(
        house.send(post(gateway, path(pipeline), json, "application/json; charset=utf-8")), 1, 0);
    assertTaken(
        house.send(
            post(
                gateway,
                path(pipeline),
                "origin,delay,date\nLAS,0,2001-01-01T00:00:00Z\n",
                "text/csv")),
        1,
        0);
    assertTaken(
        house.send(
            post(gateway, path(pipeline), gzip(json.getBytes(UTF_8)), NDJSON)
                .header("Content-Encoding", "gzip")),
        1,
        0);
    String stored = stored(0, "LAS");
    assertTaken(house.send(post(gateway, path(pipeline), arrow(2), ARROW)), 2, 0);
    assertStored(
        pipeline,
        stored,
        stored(1, "LAS"),
        stored,
        stored,
        stored,
        stored,
        stored,
        stored(1, "LAS"));
  }

  @Test
  void post_chunkedBody_isTaken() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    byte[] body =
        IntStream.range(0, 5_000)
            .mapToObj(i -> row(i, "LAS") + "\n")
            .collect(Collectors.joining())
            .getBytes(UTF_8);
    HttpRequest.BodyPublisher chunked =
        HttpRequest.BodyPublishers.ofByteArrays(
            List.of(Arrays.copyOf(body, 100_001), Arrays.copyOfRange(body, 100_001, body.length)));
    assertTaken(
        house.send(at(gateway, path(pipeline)).header("Content-Type", NDJSON).POST(chunked)),
        5_000,
        0);
  }

  @Test
  void post_badRowsAmongGoodOnes_travelAsRejectsOfTheSameRequest() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    String body =
        String.join(
            "\n",
            row(1, "LAS"),
            "{\"date\":\"2001-01-01T00:00:00Z\",\"delay\":\"late\",\"origin\":\"LAS\"}",
            "{\"date\":\"2001-01-01T00:00:00Z\",\"delay\":1}",
            "{\"date\":\"20010-01-01T00:00:00Z\",\"delay\":1,\"origin\":\"LAS\"}",
            "{\"origin\":",
            row(2, "PHL"));
    HttpResponse<String> reply = house.send(post(gateway, path(pipeline), body, NDJSON));
    assertTaken(reply, 2, 4);
    assertThat(reply.body()).contains("\"reasons\":[", "delay", "origin");
    List<SourceTopic.Message> messages = topic(pipeline, 1);
    assertThat(SourceTopic.rows(messages, Header.Kind.ROWS))
        .containsExactly(stored(1, "LAS"), stored(2, "PHL"));
    assertThat(SourceTopic.rows(messages, Header.Kind.REJECTS))
        .hasSize(4)
        .allMatch(r -> r.contains("\"stage\":\"flights\""))
        .anyMatch(r -> r.contains("wrong_type"))
        .anyMatch(r -> r.contains("missing_required"))
        .anyMatch(r -> r.contains("unreadable"));
    assertThat(messages.get(0).header())
        .isEqualTo(
            Header.of(Header.Kind.ROWS, "gateway", "flights", 2, java.util.Optional.empty()));
  }

  @Test
  void post_invalidUtf8_isRejectedAndTheRestGoesOn() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write("{\"date\":\"2001-01-01T00:00:00Z\",\"origin\":\"".getBytes(UTF_8));
    body.write(new byte[] {(byte) 0xc3, (byte) 0x28});
    body.write(("\"}\n" + row(3, "LAS")).getBytes(UTF_8));
    assertTaken(house.send(post(gateway, path(pipeline), body.toByteArray(), NDJSON)), 1, 1);
    assertStored(pipeline, stored(3, "LAS"));
  }

  @Test
  void post_hugeLine_isRejectedAndTheRestGoesOn() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    String body = row(1, "x".repeat(5 << 20)) + "\n" + row(2, "LAS");
    assertTaken(house.send(post(gateway, path(pipeline), body, NDJSON)), 1, 1);
    assertStored(pipeline, stored(2, "LAS"));
  }

  @Test
  void post_emptyBody_isNothing() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    assertTaken(house.send(post(gateway, path(pipeline), "", NDJSON)), 0, 0);
    assertTaken(house.send(post(gateway, path(pipeline), "[]", "application/json")), 0, 0);
    assertThat(topic(pipeline, 1)).isEmpty();
  }

  @Test
  void post_damagedArrow_isRefusedAndTheGatewayLivesOn() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    byte[] good = arrow(100);
    for (int length : new int[] {1, 7, 8, 100, good.length / 2, good.length - 20}) {
      assertProblem(
          house.send(post(gateway, path(pipeline), Arrays.copyOf(good, length), ARROW)),
          400,
          "Arrow");
    }
    byte[] claim = good.clone();
    ByteBuffer.wrap(claim).order(ByteOrder.LITTLE_ENDIAN).putInt(4, Integer.MAX_VALUE);
    assertProblem(house.send(post(gateway, path(pipeline), claim, ARROW)), 400, "2147483647");
    for (int i = 0; i < good.length; i += 7) {
      byte[] flipped = good.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertThat(house.send(post(gateway, path(pipeline), flipped, ARROW)).statusCode())
          .as("bit %d of byte %d", i % 8, i)
          .isIn(200, 400);
    }
    assertTaken(house.send(post(gateway, path(pipeline), good, ARROW)), 100, 0);
  }

  @Test
  void post_gzipBomb_isRefused() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    byte[] bomb = gzip(new byte[200 << 20]);
    assertProblem(
        house.send(post(gateway, path(pipeline), bomb, NDJSON).header("Content-Encoding", "gzip")),
        413,
        "expands-too-much");
    assertProblem(
        house.send(
            post(gateway, path(pipeline), Arrays.copyOf(bomb, 1000), NDJSON)
                .header("Content-Encoding", "gzip")),
        400,
        "truncated");
    assertProblem(
        house.send(
            post(gateway, path(pipeline), "no gzip", NDJSON).header("Content-Encoding", "gzip")),
        400,
        "bad-gzip");
    assertProblem(
        house.send(post(gateway, path(pipeline), "", NDJSON).header("Content-Encoding", "br")),
        415,
        "gzip");
  }

  @Test
  void post_tooLarge_isRefusedWithAdvice() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    assertProblem(
        house.send(post(gateway, path(pipeline), new byte[(16 << 20) + 1], NDJSON)),
        413,
        "16,777,216",
        "Split it");
  }

  @Test
  void post_unknownPlace_namesWhatThereIs() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    String body = row(1, "LAS");
    assertProblem(
        house.send(post(gateway, "/v1/sources/nobody/x/flights", body, NDJSON)), 404, "ingest");
    assertProblem(
        house.send(post(gateway, "/v1/sources/ingest/other/flights", body, NDJSON)),
        404,
        pipeline.name());
    assertProblem(
        house.send(post(gateway, "/v1/sources/" + pipeline + "/flihgts", body, NDJSON)),
        404,
        "flights");
    assertProblem(
        house.send(post(gateway, path(pipeline), body, "text/plain")), 415, "text/csv", NDJSON);
    assertProblem(
        house.send(at(gateway, path(pipeline)).POST(HttpRequest.BodyPublishers.ofString(body))),
        415);
    assertProblem(house.send(at(gateway, path(pipeline))), 405, "POST");
  }

  @Test
  void post_manyRows_areSplitIntoMessagesThatPulsarCarries() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    String body =
        IntStream.range(0, 100_000)
            .mapToObj(i -> row(i, "O".repeat(30)) + "\n")
            .collect(Collectors.joining());
    assertTaken(house.send(post(gateway, path(pipeline), body, NDJSON)), 100_000, 0);
    List<SourceTopic.Message> messages = topic(pipeline, 1);
    assertThat(messages).hasSizeGreaterThan(3).allMatch(m -> m.bytes() <= 5 << 18);
    assertThat(SourceTopic.rows(messages, Header.Kind.ROWS))
        .hasSize(100_000)
        .startsWith(stored(0, "O".repeat(30)))
        .endsWith(stored(99_999, "O".repeat(30)));
  }

  @Test
  void post_keyedSource_keepsEachKeyInOnePartitionAndInOrder() throws Exception {
    PipelineId pipeline = pipeline(4, KEYED);
    for (int request = 0; request < 3; request++) {
      int first = request * 20;
      String body =
          IntStream.range(first, first + 20)
              .mapToObj(i -> row(i, "K" + i % 7))
              .collect(Collectors.joining("\n"));
      assertTaken(house.send(post(gateway, path(pipeline), body, NDJSON)), 20, 0);
    }
    Map<String, List<SourceTopic.Message>> byKey =
        topic(pipeline, 4).stream()
            .flatMap(
                m ->
                    m.rows().stream()
                        .map(
                            r -> new SourceTopic.Message(m.partition(), m.header(), List.of(r), 0)))
            .collect(
                Collectors.groupingBy(m -> m.rows().get(0).replaceAll(".*\"(K\\d)\".*", "$1")));
    assertThat(byKey).hasSize(7);
    byKey.forEach(
        (key, rows) -> {
          assertThat(rows)
              .extracting(SourceTopic.Message::partition)
              .as(key)
              .containsOnly(rows.get(0).partition());
          assertThat(rows)
              .extracting(
                  m -> Integer.parseInt(m.rows().get(0).replaceAll(".*delay\":(\\d+).*", "$1")))
              .isSorted();
        });
  }

  @Test
  void post_sourceWithoutKey_takesTurns() throws Exception {
    PipelineId pipeline = pipeline(3, SPEC);
    for (int i = 0; i < 6; i++) {
      assertTaken(house.send(post(gateway, path(pipeline), row(i, "LAS"), NDJSON)), 1, 0);
    }
    assertThat(topic(pipeline, 3))
        .extracting(SourceTopic.Message::partition)
        .containsExactly(0, 0, 1, 1, 2, 2);
  }

  @Test
  void end_reachesEveryPartitionBehindTheRows() throws Exception {
    PipelineId pipeline = pipeline(2, SPEC);
    assertTaken(house.send(post(gateway, path(pipeline), row(1, "LAS"), NDJSON)), 1, 0);
    assertThat(
            house
                .send(
                    at(gateway, path(pipeline) + "/end").POST(HttpRequest.BodyPublishers.noBody()))
                .body())
        .isEqualTo("{\"ended\":true,\"partitions\":2}");
    List<SourceTopic.Message> messages = topic(pipeline, 2);
    assertThat(messages).hasSize(3);
    assertThat(messages)
        .filteredOn(m -> m.header().kind() == Header.Kind.SIGNAL)
        .hasSize(2)
        .allMatch(m -> m.header().progress().orElseThrow().activity() == Progress.Activity.ENDED);
    assertThat(messages.get(0).header().kind()).isEqualTo(Header.Kind.ROWS);
  }

  @Test
  void post_beyondTheMemory_isToldToComeBack() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    GatewayConfiguration small = house.configuration();
    small.ingest().setMemory(DataSize.kibibytes(600));
    RunningRole other = house.gateway(small);
    HttpResponse<String> reply;
    do {
      reply = house.send(post(other, path(pipeline), row(1, "y".repeat(300_000)), NDJSON));
    } while (reply.body().contains("not-ready"));
    assertProblem(reply, 429, "fewer at a time");
    assertThat(reply.headers().firstValue("Retry-After")).hasValue("1");
    assertTaken(house.send(post(other, path(pipeline), row(1, "LAS"), NDJSON)), 1, 0);
  }

  @Test
  void post_pipelineDeletedAndAppliedAgain_startsAnew() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    assertTaken(house.send(post(gateway, path(pipeline), row(1, "LAS"), NDJSON)), 1, 0);
    String counter = "sagitta_ingest_rows_total{tenant=\"ingest\",pipeline=\"%s\"";
    String ours = counter.formatted(pipeline.name());
    assertThat(house.metrics(gateway)).contains(ours);
    house.delete(pipeline);
    HttpResponse<String> reply;
    do {
      reply = house.send(post(gateway, path(pipeline), "", NDJSON));
    } while (reply.statusCode() == 200);
    assertProblem(reply, 404);
    assertThat(house.metrics(gateway)).doesNotContain(ours);
    house.apply(gateway, pipeline.tenant(), pipeline.name(), 1, SPEC);
    assertTaken(house.send(post(gateway, path(pipeline), row(2, "LAS"), NDJSON)), 1, 0);
    assertStored(pipeline, stored(2, "LAS"));
  }
}
