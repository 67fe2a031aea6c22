package io.sagitta.gateway;

import static io.sagitta.gateway.House.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.gateway.OutTopic.Row;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.PipelineId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RealPulsar.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StreamSocketTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final House house;
  private final RunningRole gateway;
  private int pipelines;

  StreamSocketTest(LocalPulsar pulsar) throws Exception {
    house = new House(pulsar);
    gateway = house.gateway(house.configuration());
  }

  @AfterAll
  void close() {
    house.close();
  }

  private PipelineId pipeline(int parallelism) throws Exception {
    pipelines++;
    return house.apply(gateway, "sockets", "p" + pipelines, parallelism, House.FLIGHTS);
  }

  private void publish(PipelineId pipeline, int partition, Row... rows) throws Exception {
    OutTopic.publish(house.connection, pipeline, partition, rows);
  }

  /** What a server sends, whole messages. */
  private static final class Frames implements WebSocket.Listener {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      binary.writeBytes(bytes);
      if (last) {
        binaries.add(binary.toByteArray());
        binary.reset();
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(status);
      return null;
    }

    JsonNode next() throws Exception {
      String frame = texts.poll(40, TimeUnit.SECONDS);
      assertThat(frame).as("a frame within 40 s").isNotNull();
      return JSON.readTree(frame);
    }
  }

  private WebSocket connect(PipelineId pipeline, String query, WebSocket.Listener listener)
      throws Exception {
    URI uri =
        URI.create(
            "ws://127.0.0.1:" + gateway.port() + "/v1/streams/" + pipeline + "/out/ws" + query);
    return house.client.newWebSocketBuilder().buildAsync(uri, listener).get(30, TimeUnit.SECONDS);
  }

  private static List<String> rows(JsonNode frame) {
    return java.util.stream.StreamSupport.stream(frame.get("rows").spliterator(), false)
        .map(JsonNode::toString)
        .toList();
  }

  @Test
  void socket_sendsWhatIsKeptThenWhatComes_withCursorsThatRestAlsoTakes() throws Exception {
    PipelineId pipeline = pipeline(2);
    publish(pipeline, 0, new Row("LAS", 1, 1));
    Frames frames = new Frames();
    WebSocket socket = connect(pipeline, "", frames);
    JsonNode first = frames.next();
    assertThat(rows(first)).containsExactly(new Row("LAS", 1, 1).json());
    publish(pipeline, 1, new Row("PHL", 2, 2));
    JsonNode second = frames.next();
    assertThat(rows(second)).containsExactly(new Row("PHL", 2, 2).json());
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
    String cursor = first.get("cursor").asText();
    HttpResponse<String> rest =
        house.send(at(gateway, "/v1/streams/" + pipeline + "/out/rows?cursor=" + cursor));
    assertThat(rows(JSON.readTree(rest.body()))).isEqualTo(rows(second));
    Frames resumed = new Frames();
    connect(pipeline, "?cursor=" + cursor, resumed).request(1);
    assertThat(rows(resumed.next())).isEqualTo(rows(second));
  }

  @Test
  void socket_filterAndLatest_giveNewRowsOfThatKey() throws Exception {
    PipelineId pipeline = pipeline(1);
    publish(pipeline, 0, new Row("LAS", 1, 1));
    Frames frames = new Frames();
    connect(pipeline, "?cursor=latest&origin=LAS", frames).request(1);
    HttpResponse<String> readers;
    do {
      // The socket has settled where it starts once its reader shows in the figures.
      readers = house.send(at(gateway, "/v1/streams/" + pipeline + "/out/rows?cursor=latest"));
    } while (readers.statusCode() != 200);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    int n = 2;
    while (frames.texts.isEmpty() && System.nanoTime() < deadline) {
      publish(pipeline, 0, new Row("PHL", n, n), new Row("LAS", n, n));
      n++;
    }
    assertThat(rows(frames.next()))
        .allMatch(row -> row.contains("LAS"))
        .noneMatch(row -> row.contains(":1,"));
  }

  @Test
  void socket_arrow_sendsStreamsAndCursorsInTurn() throws Exception {
    PipelineId pipeline = pipeline(1);
    publish(pipeline, 0, new Row("LAS", 1, 1), new Row("PHL", 2, 2));
    Frames frames = new Frames();
    connect(pipeline, "?format=arrow", frames).request(1);
    assertThat(frames.next().has("cursor")).isTrue();
    byte[] body = frames.binaries.poll(1, TimeUnit.SECONDS);
    assertThat(body).isNotNull();
    try (BufferAllocator allocator = new RootAllocator();
        ArrowStreamReader reader =
            new ArrowStreamReader(new ByteArrayInputStream(body), allocator)) {
      assertThat(reader.loadNextBatch()).isTrue();
      assertThat(reader.getVectorSchemaRoot().getRowCount()).isEqualTo(2);
    }
  }

  @Test
  void socket_badRequest_isRefusedBeforeTheUpgrade() throws Exception {
    PipelineId pipeline = pipeline(1);
    assertThatThrownBy(() -> connect(pipeline, "?cursor=nonsense", new Frames()))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(400));
    assertThatThrownBy(() -> connect(pipeline, "?format=xml", new Frames()))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    HttpResponse<String> plain = house.send(at(gateway, "/v1/streams/" + pipeline + "/out/ws"));
    assertThat(plain.statusCode()).isEqualTo(426);
    assertThat(plain.body()).contains("/rows");
  }

  @Test
  void socket_clientThatDoesNotRead_makesTheGatewayStopReading() throws Exception {
    PipelineId pipeline = pipeline(1);
    String padding = "x".repeat(100);
    for (int m = 0; m < 60; m++) {
      int from = m * 4_000;
      publish(
          pipeline,
          0,
          IntStream.range(from, from + 4_000)
              .mapToObj(i -> new Row(padding, i, i % 3600))
              .toArray(Row[]::new));
    }
    double before = served(pipeline);
    Frames frames = new Frames();
    WebSocket socket =
        connect(
            pipeline,
            "?limit=4000",
            new WebSocket.Listener() {
              @Override
              public void onOpen(WebSocket opened) {
                // Asks for nothing, so that the client's window fills up.
              }

              @Override
              public @Nullable CompletionStage<?> onText(
                  WebSocket from, CharSequence data, boolean last) {
                return frames.onText(from, data, last);
              }
            });
    double last = -1;
    double now = served(pipeline);
    long stableSince = System.nanoTime();
    while (now == before || now != last || System.nanoTime() - stableSince < 1_000_000_000L) {
      if (now != last) {
        stableSince = System.nanoTime();
      }
      last = now;
      now = served(pipeline);
    }
    assertThat(now - before).isLessThan(200_000);
    socket.request(1);
    int rows = 0;
    while (rows < 240_000) {
      rows += frames.next().get("rows").size();
    }
    assertThat(rows).isEqualTo(240_000);
    socket.abort();
  }

  private double served(PipelineId pipeline) throws Exception {
    String metrics = house.metrics(gateway);
    return metrics
        .lines()
        .filter(
            line ->
                line.startsWith("sagitta_served_rows_total{")
                    && line.contains("pipeline=\"" + pipeline.name() + "\"")
                    && line.contains("tenant=\"sockets\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void close_openSocket_isToldAndNothingIsWaitedFor() throws Exception {
    PipelineId pipeline = pipeline(1);
    publish(pipeline, 0, new Row("LAS", 1, 1));
    Frames frames = new Frames();
    RunningRole other = house.gateway(house.configuration());
    House.awaitReady(() -> house.send(at(other, "/v1/streams/" + pipeline + "/out/rows")));
    URI uri = URI.create("ws://127.0.0.1:" + other.port() + "/v1/streams/" + pipeline + "/out/ws");
    WebSocket socket =
        house.client.newWebSocketBuilder().buildAsync(uri, frames).get(30, TimeUnit.SECONDS);
    frames.next();
    long started = System.nanoTime();
    other.close();
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)).isLessThan(9_000);
    assertThat(frames.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
    assertThat(socket.isInputClosed()).isTrue();
  }
}
