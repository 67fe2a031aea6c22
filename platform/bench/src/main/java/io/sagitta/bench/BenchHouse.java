package io.sagitta.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.house.HousePorts;
import io.sagitta.house.LocalHouse;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A whole local platform of processes, gone with everything it kept when closed. */
final class BenchHouse implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final TemporaryFolder folder;
  private final LocalHouse house;
  private final PulsarConnection connection;
  private final boolean withNode;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private BenchHouse(
      TemporaryFolder folder, LocalHouse house, PulsarConnection connection, boolean withNode) {
    this.folder = folder;
    this.house = house;
    this.connection = connection;
    this.withNode = withNode;
  }

  /** Starts Pulsar, control, the gateway and, if wanted, a node. */
  static BenchHouse start(boolean withNode) throws IOException, InterruptedException {
    TemporaryFolder folder = TemporaryFolder.create();
    LocalHouse house = LocalHouse.open(folder.path(), HousePorts.free(), Map.of());
    try {
      house.startPulsar();
      house.startControl();
      house.startGateway();
      if (withNode) {
        house.startNode();
      }
      house.awaitReady();
      return new BenchHouse(
          folder, house, PulsarConnection.open(house.pulsar().brokerUrl(), 64 << 20), withNode);
    } catch (RuntimeException | InterruptedException e) {
      house.close();
      folder.close();
      throw e;
    }
  }

  PulsarConnection connection() {
    return connection;
  }

  /** Creates namespace {@code bench/raw}, with none of our settings, and a topic in it. */
  void createRawTopic(String topic) throws IOException, InterruptedException {
    put("/admin/v2/namespaces/bench/raw");
    put("/admin/v2/" + topic.replace("://", "/"));
  }

  private void put(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(house.pulsar().adminUrl().resolve(path))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> reply = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (reply.statusCode() >= 300) {
      throw new IOException("Pulsar refuses " + path + ": " + reply.body());
    }
  }

  /** Process ids by part. */
  Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    pids.put("gateway", house.gateway().pid());
    if (withNode) {
      pids.put("node", house.node("node-1").pid());
    }
    pids.put("broker", house.pulsar().pid());
    return pids;
  }

  /** CPU seconds used so far by part. */
  Map<String, Double> cpuSeconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    pids().forEach((part, pid) -> seconds.put(part, ProcessUse.cpuSeconds(pid)));
    return seconds;
  }

  /** Where rows for {@code flights} of {@code pipeline} go. */
  URI source(PipelineId pipeline) {
    return URI.create(
        "http://127.0.0.1:"
            + house.ports().gateway()
            + "/v1/sources/"
            + pipeline
            + "/"
            + Pipeline.SOURCE);
  }

  /** Applies a definition and waits until the gateway takes rows for it. */
  PipelineId apply(Pipeline pipeline) throws IOException, InterruptedException {
    String body =
        JSON.writeValueAsString(
            Map.of(
                "definition", pipeline.text(),
                "env", "",
                "author", "bench",
                "commit", "",
                "tables", Map.of()));
    HttpResponse<String> reply =
        http.send(
            HttpRequest.newBuilder(control("/api/v1/pipelines"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (reply.statusCode() >= 300) {
      throw new IOException("Control refused the pipeline: " + reply.body());
    }
    var metadata = pipeline.plan().definition().metadata();
    return new PipelineId(metadata.tenant(), metadata.name());
  }

  /** Waits until {@code rows} rows have come to the source in all, and none is on its way. */
  void awaitRest(PipelineId pipeline, long rows) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JsonNode status =
          JSON.readTree(
              http.send(
                      HttpRequest.newBuilder(control("/api/v1/pipelines/" + pipeline + "/status"))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body());
      if (atRest(status, rows)) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("The pipeline does not come to rest: " + status);
      }
      Thread.sleep(200);
    }
  }

  private static boolean atRest(JsonNode status, long rows) {
    boolean rest = false;
    for (JsonNode stage : status.path("stages")) {
      if (stage.path("name").asText().equals(Pipeline.SOURCE)) {
        rest = stage.path("counts").path("in").asLong() == rows;
      }
    }
    for (JsonNode stage : status.path("stages")) {
      rest &= stage.path("onTheWay").asLong() == 0;
    }
    return rest;
  }

  private URI control(String path) {
    return URI.create("http://127.0.0.1:" + house.ports().control() + path);
  }

  @Override
  public void close() throws IOException {
    connection.close();
    house.close();
    folder.close();
  }
}
