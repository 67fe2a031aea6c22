package io.sagitta.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.transport.PulsarConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A control on free ports, and a connection to its Pulsar as a node would have one. */
final class TestControl implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final PulsarConnection pulsar;
  final Path data;
  private final RunningRole role;
  private final HttpClient http = HttpClient.newHttpClient();

  private TestControl(RunningRole role, PulsarConnection pulsar, Path data) {
    this.role = role;
    this.data = data;
    this.pulsar = pulsar;
  }

  static TestControl start() throws Exception {
    return start("");
  }

  /** Starts one with more lines in its file. */
  static TestControl start(String settings) throws Exception {
    LocalPulsar pulsar = SharedPulsar.get();
    Path data = Files.createTempDirectory("control");
    Path file = data.resolve("control.yml");
    Files.writeString(
        file,
        """
        listen: {port: 0, adminPort: 0}
        unprotected: on-loopback
        pulsar: {serviceUrl: "%s", adminUrl: "%s"}
        data: "%s"
        %s
        """
            .formatted(pulsar.brokerUrl(), pulsar.adminUrl(), data, settings));
    RunningRole role = new ControlMain().start(file);
    return new TestControl(role, PulsarConnection.open(pulsar.brokerUrl(), 16 << 20), data);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + role.port() + path);
  }

  Reply get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  Reply delete(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(path)).DELETE());
  }

  Reply post(String path, Map<String, ?> body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json(body))));
  }

  /** Applies {@code definition} without tables. */
  Reply apply(String definition) throws IOException, InterruptedException {
    return apply(definition, Map.of());
  }

  Reply apply(String definition, Map<String, String> tables)
      throws IOException, InterruptedException {
    return post("/api/v1/pipelines", request(definition, tables));
  }

  Reply plan(String definition) throws IOException, InterruptedException {
    return post("/api/v1/plan", request(definition, Map.of()));
  }

  private static Map<String, Object> request(String definition, Map<String, String> tables) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("file", "flights.yaml");
    request.put("definition", definition);
    request.put("author", "Ada");
    request.put("commit", "abc123");
    request.put("tables", tables);
    return request;
  }

  private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = http.send(request.build(), BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body());
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Stops control, as SIGTERM does. */
  void stop() {
    role.close();
  }

  @Override
  public void close() {
    pulsar.close();
    role.close();
  }
}
