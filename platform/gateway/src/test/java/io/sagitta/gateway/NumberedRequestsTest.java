package io.sagitta.gateway;

import static io.sagitta.gateway.House.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Topics;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that name themselves and number their requests lose nothing and repeat nothing. */
@ExtendWith(RealPulsar.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NumberedRequestsTest {
  private final House house;
  private final RunningRole gateway;
  private int pipelines;

  NumberedRequestsTest(LocalPulsar pulsar) throws Exception {
    house = new House(pulsar);
    gateway = house.gateway(house.configuration());
  }

  @AfterAll
  void close() {
    house.close();
  }

  private PipelineId pipeline(int parallelism) throws Exception {
    pipelines++;
    return house.apply(gateway, "numbered", "p" + pipelines, parallelism, House.FLIGHTS);
  }

  private static HttpRequest.Builder request(
      RunningRole at, PipelineId pipeline, String producer, long sequence, String body) {
    return post(at, "/v1/sources/" + pipeline + "/flights", body, "application/x-ndjson")
        .header("Sagitta-Producer", producer)
        .header("Sagitta-Sequence", Long.toString(sequence));
  }

  private HttpResponse<String> send(PipelineId pipeline, long sequence, String body)
      throws Exception {
    return house.send(request(gateway, pipeline, "alice", sequence, body));
  }

  private static String rows(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"delay\":%d,\"origin\":\"LAS\"}\n".formatted(i))
        .collect(Collectors.joining());
  }

  private List<Integer> delays(PipelineId pipeline, int partitions) throws Exception {
    return SourceTopic.rows(
            SourceTopic.read(house.connection, pipeline, "flights", partitions), Header.Kind.ROWS)
        .stream()
        .map(r -> Integer.parseInt(r.replaceAll(".*\"delay\":(\\d+).*", "$1")))
        .toList();
  }

  @Test
  void post_repeated_isTakenOnce() throws Exception {
    PipelineId pipeline = pipeline(1);
    assertThat(send(pipeline, 1, rows(0, 2)).body()).contains("\"accepted\":2", "false");
    assertThat(send(pipeline, 1, rows(0, 2)).body()).contains("\"duplicate\":true");
    assertThat(send(pipeline, 2, rows(2, 3)).body()).contains("\"accepted\":1", "false");
    assertThat(send(pipeline, 1, rows(0, 2)).body()).contains("\"duplicate\":true");
    assertThat(send(pipeline, 2, rows(2, 3)).body()).contains("\"duplicate\":true");
    assertThat(delays(pipeline, 1)).containsExactly(0, 1, 2);
  }

  @Test
  void post_gap_isRefusedWithTheNumberExpected() throws Exception {
    PipelineId pipeline = pipeline(1);
    assertThat(send(pipeline, 2, rows(0, 1)).statusCode()).isEqualTo(409);
    assertThat(send(pipeline, 1, rows(0, 1)).statusCode()).isEqualTo(200);
    HttpResponse<String> gap = send(pipeline, 5, rows(1, 2));
    assertThat(gap.statusCode()).isEqualTo(409);
    assertThat(gap.body()).contains("\"expected\":2");
    assertThat(send(pipeline, 2, rows(1, 2)).statusCode()).isEqualTo(200);
    assertThat(delays(pipeline, 1)).containsExactly(0, 1);
  }

  @Test
  void post_badNumberOrName_isRefused() throws Exception {
    PipelineId pipeline = pipeline(1);
    for (String number : List.of("0", "-1", "x", "1.5", "99999999999999999999")) {
      HttpRequest.Builder request =
          post(gateway, "/v1/sources/" + pipeline + "/flights", "", "application/x-ndjson")
              .header("Sagitta-Producer", "alice")
              .header("Sagitta-Sequence", number);
      assertThat(house.send(request).statusCode()).as(number).isEqualTo(400);
    }
    assertThat(house.send(request(gateway, pipeline, "al/ice", 1, rows(0, 1))).body())
        .contains("A-Z");
    assertThat(
            house
                .send(
                    post(gateway, "/v1/sources/" + pipeline + "/flights", "", "text/csv")
                        .header("Sagitta-Producer", "alice"))
                .body())
        .contains("Sagitta-Sequence");
  }

  @Test
  void post_nothingOrNothingGood_stillTakesTheNumber() throws Exception {
    PipelineId pipeline = pipeline(1);
    assertThat(send(pipeline, 1, "").statusCode()).isEqualTo(200);
    assertThat(send(pipeline, 2, "{\"delay\":\"x\"}").body()).contains("\"rejected\":1");
    assertThat(send(pipeline, 2, "{\"delay\":\"x\"}").body()).contains("\"duplicate\":true");
    assertThat(send(pipeline, 3, rows(0, 1)).statusCode()).isEqualTo(200);
    assertThat(delays(pipeline, 1)).containsExactly(0);
  }

  @Test
  void post_badBody_doesNotTakeTheNumber() throws Exception {
    PipelineId pipeline = pipeline(1);
    HttpRequest.Builder request =
        post(
                gateway,
                "/v1/sources/" + pipeline + "/flights",
                new byte[] {1, 2, 3},
                "application/vnd.apache.arrow.stream")
            .header("Sagitta-Producer", "alice")
            .header("Sagitta-Sequence", "1");
    assertThat(house.send(request).statusCode()).isEqualTo(400);
    assertThat(send(pipeline, 1, rows(0, 1)).body()).contains("\"accepted\":1");
  }

  @Test
  void post_oneName_staysInOnePartition() throws Exception {
    PipelineId pipeline = pipeline(4);
    for (int i = 1; i <= 5; i++) {
      assertThat(send(pipeline, i, rows(i, i + 1)).statusCode()).isEqualTo(200);
    }
    assertThat(SourceTopic.read(house.connection, pipeline, "flights", 4))
        .extracting(SourceTopic.Message::partition)
        .hasSize(5)
        .containsOnly(
            SourceTopic.read(house.connection, pipeline, "flights", 4).get(0).partition());
  }

  @Test
  void post_afterPartOfTheRequestWasStored_storesTheRest() throws Exception {
    PipelineId pipeline = pipeline(1);
    String body = rows(0, 200_000);
    PipelineId twin = pipeline(1);
    assertThat(house.send(request(gateway, twin, "bob", 1, body)).statusCode()).isEqualTo(200);
    int parts = SourceTopic.read(house.connection, twin, "flights", 1).size();
    assertThat(parts).isGreaterThan(2);
    // As if a gateway had died behind the first part of the request.
    String topic = Topics.partition(Topics.source(pipeline, "flights"), 0);
    try (PartitionProducer dead =
        PartitionProducer.open(
            house.connection, topic, Optional.of("client.bob"), PartitionProducer.Access.SHARED)) {
      Header header = Header.of(Header.Kind.SIGNAL, "gateway", "flights", 0, Optional.empty());
      dead.send(1L << 16, header, ByteBuffer.allocate(0)).get(10, TimeUnit.SECONDS);
      dead.closeAndWait();
    }
    assertThat(house.send(request(gateway, pipeline, "bob", 1, body)).statusCode()).isEqualTo(200);
    List<SourceTopic.Message> stored = SourceTopic.read(house.connection, pipeline, "flights", 1);
    assertThat(stored).hasSize(parts);
    assertThat(stored.get(0).header().kind()).isEqualTo(Header.Kind.SIGNAL);
    assertThat(house.send(request(gateway, pipeline, "bob", 1, body)).body())
        .contains("\"duplicate\":true");
    assertThat(SourceTopic.read(house.connection, pipeline, "flights", 1)).hasSize(parts);
  }

  @Test
  void post_nameHeldByAnotherGateway_isToldToComeBackAndThenGoesOn() throws Exception {
    PipelineId pipeline = pipeline(1);
    RunningRole other = house.gateway(house.configuration());
    assertThat(send(pipeline, 1, rows(0, 1)).statusCode()).isEqualTo(200);
    HttpResponse<String> reply =
        House.awaitReady(() -> house.send(request(other, pipeline, "alice", 2, rows(1, 2))));
    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.headers().firstValue("Retry-After")).isPresent();
    assertThat(reply.body()).contains("Another gateway");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (reply.statusCode() == 503 && System.nanoTime() < deadline) {
      reply = house.send(request(other, pipeline, "alice", 2, rows(1, 2)));
    }
    assertThat(reply.body()).contains("\"accepted\":1");
    assertThat(house.send(request(other, pipeline, "alice", 1, rows(0, 1))).body())
        .contains("\"duplicate\":true");
    assertThat(delays(pipeline, 1)).containsExactly(0, 1);
  }

  @Test
  void post_sameNameThroughTwoGatewaysAtOnce_isTakenOnce() throws Exception {
    PipelineId pipeline = pipeline(1);
    RunningRole other = house.gateway(house.configuration());
    House.awaitReady(() -> house.send(request(other, pipeline, "zoe", 7, "")));
    for (int n = 1; n <= 4; n++) {
      String body = rows(n, n + 1);
      boolean taken = false;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
      while (!taken && System.nanoTime() < deadline) {
        List<CompletableFuture<HttpResponse<String>>> both =
            List.of(
                house.client.sendAsync(
                    request(gateway, pipeline, "carol", n, body).build(),
                    HttpResponse.BodyHandlers.ofString()),
                house.client.sendAsync(
                    request(other, pipeline, "carol", n, body).build(),
                    HttpResponse.BodyHandlers.ofString()));
        for (CompletableFuture<HttpResponse<String>> one : both) {
          HttpResponse<String> reply = one.get(40, TimeUnit.SECONDS);
          assertThat(reply.statusCode()).as(reply.body()).isIn(200, 503);
          taken |= reply.statusCode() == 200;
        }
      }
      assertThat(taken).isTrue();
    }
    assertThat(delays(pipeline, 1)).containsExactly(1, 2, 3, 4);
  }
}
