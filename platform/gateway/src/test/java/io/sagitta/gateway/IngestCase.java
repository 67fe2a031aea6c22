package io.sagitta.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.Header;
import io.sagitta.transport.PipelineId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway that takes flights, and what tests of its ingest say of it. */
@ExtendWith(RealPulsar.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class IngestCase {
  static final String NDJSON = "application/x-ndjson";
  static final String ARROW = "application/vnd.apache.arrow.stream";
  static final String SPEC =
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

  final House house;
  final RunningRole gateway;
  private final String tenant;
  private int pipelines;

  IngestCase(LocalPulsar pulsar, String tenant) throws Exception {
    this.tenant = tenant;
    house = new House(pulsar);
    gateway = house.gateway(house.configuration());
  }

  @AfterAll
  void close() {
    house.close();
  }

  PipelineId pipeline(int parallelism, String spec) throws Exception {
    pipelines++;
    return house.apply(gateway, tenant, "p" + pipelines, parallelism, spec);
  }

  static String path(PipelineId pipeline) {
    return "/v1/sources/" + pipeline + "/flights";
  }

  static String row(int i, String origin) {
    return "{\"date\":\"2001-01-01T00:00:%02dZ\",\"delay\":%d,\"origin\":\"%s\"}"
        .formatted(i % 60, i, origin);
  }

  static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  List<SourceTopic.Message> topic(PipelineId pipeline, int partitions) throws Exception {
    return SourceTopic.read(house.connection, pipeline, "flights", partitions);
  }

  void assertStored(PipelineId pipeline, String... rows) throws Exception {
    assertThat(SourceTopic.rows(topic(pipeline, 1), Header.Kind.ROWS)).containsExactly(rows);
  }

  static void assertTaken(HttpResponse<String> reply, int accepted, int rejected) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.body())
        .startsWith(
            "{\"accepted\":%d,\"rejected\":%d,\"duplicate\":false".formatted(accepted, rejected));
  }

  static void assertProblem(HttpResponse<String> reply, int status, String... words) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(reply.body())
        .satisfies(body -> List.of(words).forEach(word -> assertThat(body).contains(word)));
  }

  /** A body with columns origin and delay. */
  static byte[] arrow(int rows) {
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
}
