package io.sagitta.gateway;

import static io.sagitta.gateway.House.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.transport.Header;
import io.sagitta.transport.PipelineId;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Bodies that are damaged, huge or hold bad rows: each has its answer, and the gateway lives on.
 */
final class BadBodiesTest extends IngestCase {
  BadBodiesTest(LocalPulsar pulsar) throws Exception {
    super(pulsar, "bad-bodies");
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
        .containsExactly(row(1, "LAS"), row(2, "PHL"));
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
    assertStored(pipeline, row(3, "LAS"));
  }

  @Test
  void post_hugeLine_isRejectedAndTheRestGoesOn() throws Exception {
    PipelineId pipeline = pipeline(1, SPEC);
    String body = row(1, "x".repeat(5 << 20)) + "\n" + row(2, "LAS");
    assertTaken(house.send(post(gateway, path(pipeline), body, NDJSON)), 1, 1);
    assertStored(pipeline, row(2, "LAS"));
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
}
