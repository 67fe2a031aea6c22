package io.sagitta.gateway;

import static io.sagitta.gateway.House.at;
import static io.sagitta.gateway.House.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.DataSize;
import io.sagitta.engine.Progress;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.Header;
import io.sagitta.transport.PipelineId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows that clients post, in every format, and where they go. */
final class IngestTest extends IngestCase {
  private static final String KEYED =
      SPEC.replace("    event_time:", "    key: [origin]\n    event_time:");

  IngestTest(LocalPulsar pulsar) throws Exception {
    super(pulsar, "ingest");
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
    String stored = row(0, "LAS");
    assertTaken(house.send(post(gateway, path(pipeline), arrow(2), ARROW)), 2, 0);
    assertStored(
        pipeline, stored, row(1, "LAS"), stored, stored, stored, stored, stored, row(1, "LAS"));
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
        .startsWith(row(0, "O".repeat(30)))
        .endsWith(row(99_999, "O".repeat(30)));
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
    HttpResponse<String> reply =
        House.awaitReady(
            () -> house.send(post(other, path(pipeline), row(1, "y".repeat(300_000)), NDJSON)));
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
    assertStored(pipeline, row(2, "LAS"));
  }
}
