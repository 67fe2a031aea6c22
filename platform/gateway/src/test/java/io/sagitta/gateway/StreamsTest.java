package io.sagitta.gateway;

import static io.sagitta.gateway.House.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.gateway.OutTopic.Row;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.PipelineId;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;

/** Rows of a stream, page by page and by long poll. */
final class StreamsTest extends StreamsCase {
  StreamsTest(LocalPulsar pulsar) throws Exception {
    super(pulsar, "streams");
  }

  @Test
  void describe_namesKeyColumnsAndLinks() throws Exception {
    PipelineId pipeline = pipeline(2);
    JsonNode description = json(get(pipeline, ""));
    assertThat(description.get("key").toString()).isEqualTo("[\"origin\"]");
    assertThat(description.get("columns").findValuesAsText("name"))
        .as("columns of a stream without a row yet")
        .containsExactly("origin", "flights", "event_time");
    assertThat(description.get("version").asInt()).isEqualTo(1);
    assertThat(description.get("partitions").asInt()).isEqualTo(2);
    assertThat(description.get("links").get("rows").asText())
        .isEqualTo("/v1/streams/" + pipeline + "/out/rows");
  }

  @Test
  void rows_fromCursorToCursor_givesEachRowOnce() throws Exception {
    PipelineId pipeline = pipeline(2);
    Row[] first = IntStream.range(0, 10).mapToObj(i -> new Row("A", i, i)).toArray(Row[]::new);
    Row[] second = IntStream.range(0, 10).mapToObj(i -> new Row("B", i, i)).toArray(Row[]::new);
    publish(pipeline, 0, first);
    publish(pipeline, 1, second);
    List<String> all = new ArrayList<>();
    String cursor = "";
    boolean more = true;
    while (more) {
      JsonNode page = json(get(pipeline, "/rows?limit=3" + cursor));
      assertThat(rows(page)).hasSizeLessThanOrEqualTo(3);
      all.addAll(rows(page));
      cursor = "&cursor=" + page.get("cursor").asText();
      more = page.get("more").asBoolean();
    }
    assertThat(all).filteredOn(r -> r.contains("\"A\"")).containsExactly(texts(first));
    assertThat(all).filteredOn(r -> r.contains("\"B\"")).containsExactly(texts(second));
    assertThat(all).hasSize(20);
    Row late = new Row("A", 10, 10);
    publish(pipeline, 0, late);
    assertThat(rows(json(get(pipeline, "/rows?limit=3" + cursor)))).containsExactly(late.json());
  }

  @Test
  void rows_cursorInMidMessage_worksAtAnotherGatewayAndTwice() throws Exception {
    PipelineId pipeline = pipeline(1);
    Row[] rows = IntStream.range(0, 5).mapToObj(i -> new Row("A", i, i)).toArray(Row[]::new);
    publish(pipeline, 0, rows);
    HttpResponse<String> page = get(pipeline, "/rows?limit=2");
    String cursor = page.headers().firstValue("Sagitta-Cursor").orElseThrow();
    assertThat(json(page).get("cursor").asText()).isEqualTo(cursor);
    RunningRole other = house.gateway(house.configuration());
    HttpResponse<String> reply =
        House.awaitReady(() -> get(other, pipeline, "/rows?cursor=" + cursor));
    assertThat(rows(json(reply))).containsExactly(texts(rows[2], rows[3], rows[4]));
    assertThat(rows(json(get(pipeline, "/rows?cursor=" + cursor))))
        .containsExactly(texts(rows[2], rows[3], rows[4]));
    assertThat(rows(json(get(pipeline, "/rows?cursor=" + cursor))))
        .containsExactly(texts(rows[2], rows[3], rows[4]));
  }

  @Test
  void rows_range_isByEventTimeAndExcludesItsEnd() throws Exception {
    PipelineId pipeline = pipeline(1);
    publish(pipeline, 0, new Row("A", 1, 10), new Row("A", 2, 20), new Row("A", 3, 30));
    assertThat(rows(json(get(pipeline, "/rows?from=2001-01-01T00:00:20Z&to=2001-01-01T00:00:30Z"))))
        .containsExactly(new Row("A", 2, 20).json());
    assertThat(rows(json(get(pipeline, "/rows?to=2001-01-01")))).isEmpty();
    assertThat(rows(json(get(pipeline, "/rows?from=2001-01-01")))).hasSize(3);
  }

  @Test
  void rows_filter_isOnTheKeyAlone() throws Exception {
    PipelineId pipeline = pipeline(1);
    publish(pipeline, 0, new Row("LAS", 1, 0), new Row("PHL", 2, 0), new Row("LAS", 3, 0));
    assertThat(rows(json(get(pipeline, "/rows?origin=LAS"))))
        .containsExactly(texts(new Row("LAS", 1, 0), new Row("LAS", 3, 0)));
    assertThat(rows(json(get(pipeline, "/rows?key.origin=PHL")))).hasSize(1);
    assertThat(rows(json(get(pipeline, "/rows?origin=LA")))).isEmpty();
    assertProblem(get(pipeline, "/rows?flights=1"), 400, "origin", "flights");
  }

  @Test
  void rows_badParameters_sayWhatIsWrong() throws Exception {
    PipelineId pipeline = pipeline(1);
    for (String bad :
        List.of(
            "limit=0",
            "limit=100001",
            "limit=x",
            "limit=-1",
            "wait=61s",
            "wait=x",
            "from=soon",
            "to=2001-13-01",
            "from=%2B1000000000-01-01T00:00:00Z",
            "limit=1&limit=2")) {
      assertProblem(get(pipeline, "/rows?" + bad), 400, bad.substring(0, bad.indexOf('=')));
    }
    for (String bad : List.of("x", "AQ", "!!!!", "A".repeat(60))) {
      String encoded = java.net.URLEncoder.encode(bad, java.nio.charset.StandardCharsets.UTF_8);
      assertProblem(get(pipeline, "/rows?cursor=" + encoded), 400, "bad-cursor");
    }
    assertProblem(get(pipeline(1), "/nothing"), 404);
    assertProblem(
        house.send(at(gateway, "/v1/streams/" + pipeline + "/uot/rows")), 404, "It has: out");
  }

  @Test
  void rows_cursorOfAnotherStreamOrTampered_isRefused() throws Exception {
    PipelineId one = pipeline(1);
    publish(one, 0, new Row("A", 1, 1));
    String cursor = json(get(one, "/rows")).get("cursor").asText();
    assertProblem(get(pipeline(1), "/rows?cursor=" + cursor), 400, "another stream");
    char[] changed = cursor.toCharArray();
    for (int i = 0; i < changed.length; i++) {
      char was = changed[i];
      changed[i] = was == 'Q' ? 'R' : 'Q';
      assertThat(get(one, "/rows?cursor=" + new String(changed)).statusCode())
          .as("character %d", i)
          .isIn(400, 200);
      changed[i] = was;
    }
    changed[12] = changed[12] == 'Q' ? 'R' : 'Q';
    assertProblem(get(one, "/rows?cursor=" + new String(changed)), 400, "damaged");
  }

  @Test
  void rows_cursorOlderThanWhatIsKept_isToldSo() throws Exception {
    PipelineId pipeline = pipeline(1);
    publish(pipeline, 0, new Row("A", 1, 1));
    String cursor = json(get(pipeline, "/rows")).get("cursor").asText();
    house.recreateOut(pipeline);
    publish(pipeline, 0, new Row("A", 2, 2));
    // The kept reader of the long poll would still know the place; another gateway does not.
    RunningRole other = house.gateway(house.configuration());
    HttpResponse<String> reply =
        House.awaitReady(() -> get(other, pipeline, "/rows?wait=10s&cursor=" + cursor));
    assertProblem(reply, 410, "no longer keeps");
    assertThat(rows(json(get(other, pipeline, "/rows"))))
        .containsExactly(new Row("A", 2, 2).json());
  }

  @Test
  void rows_longPoll_answersWhenARowComesAndEmptyWhenNoneDoes() throws Exception {
    PipelineId pipeline = pipeline(2);
    JsonNode nothing = json(get(pipeline, "/rows?wait=100ms"));
    assertThat(rows(nothing)).isEmpty();
    String cursor = nothing.get("cursor").asText();
    CompletableFuture<HttpResponse<String>> waiting =
        house.client.sendAsync(
            at(gateway, "/v1/streams/" + pipeline + "/out/rows?wait=50s&cursor=" + cursor).build(),
            HttpResponse.BodyHandlers.ofString());
    publish(pipeline, 1, new Row("A", 1, 1));
    assertThat(rows(json(waiting.get(40, TimeUnit.SECONDS))))
        .containsExactly(new Row("A", 1, 1).json());
  }

  @Test
  void rows_latestCursor_startsWithNewRows() throws Exception {
    PipelineId pipeline = pipeline(2);
    publish(pipeline, 0, new Row("A", 1, 1));
    JsonNode none = json(get(pipeline, "/rows?cursor=latest"));
    assertThat(rows(none)).isEmpty();
    publish(pipeline, 0, new Row("A", 2, 2));
    publish(pipeline, 1, new Row("B", 3, 3));
    assertThat(rows(json(get(pipeline, "/rows?wait=5s&cursor=" + none.get("cursor").asText()))))
        .containsExactlyInAnyOrder(texts(new Row("A", 2, 2), new Row("B", 3, 3)));
  }

  @Test
  void rows_everyFormat_holdsTheSameRows() throws Exception {
    PipelineId pipeline = pipeline(1);
    Row a = new Row("A", 1, 1);
    Row b = new Row("B", 2, 2);
    publish(pipeline, 0, a);
    publish(pipeline, 0, b);
    String path = "/v1/streams/" + pipeline + "/out/rows";
    HttpResponse<String> lines =
        house.send(at(gateway, path).header("Accept", "application/x-ndjson"));
    assertThat(lines.body()).isEqualTo(a.json() + "\n" + b.json() + "\n");
    HttpResponse<String> csv =
        house.send(at(gateway, path).header("Accept", "text/csv;q=0.9, image/png"));
    assertThat(csv.body())
        .isEqualTo(
            "origin,flights,event_time\nA,1,2001-01-01T00:00:01Z\nB,2,2001-01-01T00:00:02Z\n");
    HttpResponse<byte[]> arrow =
        house.sendForBytes(
            at(gateway, path).header("Accept", "application/vnd.apache.arrow.stream"));
    assertThat(arrow.headers().firstValue("Sagitta-Cursor")).isPresent();
    int count = 0;
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(arrow.body()), allocator)) {
      while (reader.loadNextBatch()) {
        count += reader.getVectorSchemaRoot().getRowCount();
      }
    }
    assertThat(count).isEqualTo(2);
    assertProblem(house.send(at(gateway, path).header("Accept", "image/png")), 406, "text/csv");
  }

  @Test
  void rows_tooManyReadersOfATenant_areToldToComeBack_andOtherTenantsServed() throws Exception {
    PipelineId pipeline = pipeline(4);
    PipelineId theirs = house.apply(gateway, "neighbours", "p1", 4, House.FLIGHTS);
    GatewayConfiguration small = house.configuration();
    small.streams().setMaxReaders(12);
    RunningRole other = house.gateway(small);
    House.awaitReady(() -> get(other, pipeline, "/rows"));
    House.awaitReady(() -> get(other, theirs, "/rows"));
    CompletableFuture<HttpResponse<String>> holding = hold(other, pipeline);
    HttpResponse<String> refused;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    do {
      // Whichever of the two comes first may refuse the other.
      if (holding.isDone()) {
        holding = hold(other, pipeline);
      }
      refused = get(other, pipeline, "/rows?wait=50ms");
    } while (refused.statusCode() == 200 && System.nanoTime() < deadline);
    assertProblem(refused, 503, "too-many-readers", "of 6 that may");
    assertThat(get(other, theirs, "/rows").statusCode()).isEqualTo(200);
    publish(pipeline, 2, new Row("A", 1, 1));
    assertThat(rows(json(holding.get(40, TimeUnit.SECONDS)))).hasSize(1);
  }

  private CompletableFuture<HttpResponse<String>> hold(RunningRole gateway, PipelineId pipeline) {
    return house.client.sendAsync(
        at(gateway, "/v1/streams/" + pipeline + "/out/rows?wait=30s").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void close_longPollUnderWay_isAnsweredAtOnce() throws Exception {
    PipelineId pipeline = pipeline(1);
    RunningRole other = house.gateway(house.configuration());
    HttpResponse<String> ready = House.awaitReady(() -> get(other, pipeline, "/rows"));
    String cursor = json(ready).get("cursor").asText();
    CompletableFuture<HttpResponse<String>> waiting =
        house.client.sendAsync(
            at(other, "/v1/streams/" + pipeline + "/out/rows?wait=60s&cursor=" + cursor).build(),
            HttpResponse.BodyHandlers.ofString());
    while (!house.metrics(other).contains("sagitta_stream_readers 1.0")
        || !waitsInside(other, pipeline, cursor)) {
      Thread.onSpinWait();
    }
    long started = System.nanoTime();
    other.close();
    assertThat(rows(json(waiting.get(5, TimeUnit.SECONDS)))).isEmpty();
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started)).isLessThan(9);
  }

  /** Whether the parked reader of {@code cursor} has been taken, so that a second one must open. */
  private boolean waitsInside(RunningRole other, PipelineId pipeline, String cursor)
      throws Exception {
    json(get(other, pipeline, "/rows?wait=1ms&cursor=" + cursor));
    return house.metrics(other).contains("sagitta_stream_readers 2.0");
  }
}
