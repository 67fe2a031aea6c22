package io.sagitta.house;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** Speaks the ops API as any HTTP client would, and asks again while control is away. */
public final class OpsClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration REQUEST = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI base;

  /** Creates a client of control on {@code port} of loopback. */
  OpsClient(HouseAccess access, int port) {
    this.http = access.client();
    this.base = access.at(port).resolve("/api/v1/");
  }

  /** Applies a definition without tables. */
  public JsonNode apply(String definition) throws InterruptedException {
    return apply(definition, Map.of());
  }

  /**
   * Applies a definition.
   *
   * @param tables the content of each of its tables, as Arrow IPC streams
   */
  public JsonNode apply(String definition, Map<String, byte[]> tables) throws InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("definition", definition).put("author", "house");
    ObjectNode contents = body.putObject("tables");
    tables.forEach((name, ipc) -> contents.put(name, Base64.getEncoder().encodeToString(ipc)));
    return send(
        request("pipelines")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** Makes the revision of {@code pipeline} before the running one the next one. */
  public JsonNode rollback(String pipeline) throws InterruptedException {
    return send(
        request("pipelines/" + pipeline + "/rollback")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"author\":\"house\"}"))
            .build());
  }

  /** Returns what control knows about {@code pipeline}, {@code tenant/name}. */
  public JsonNode status(String pipeline) throws InterruptedException {
    return send(request("pipelines/" + pipeline + "/status").GET().build());
  }

  /**
   * Waits until every row that was fed is where it belongs, and returns the status then.
   *
   * @throws HouseException if that takes longer than {@code patience}
   */
  public JsonNode awaitSettled(String pipeline, Map<String, Long> rowsBySource, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    JsonNode status = status(pipeline);
    while (!settled(status, rowsBySource)) {
      if (System.nanoTime() > deadline) {
        throw new HouseException(
            "%s did not come to rest in %d s: %s"
                .formatted(pipeline, patience.toSeconds(), status));
      }
      Thread.sleep(300);
      status = status(pipeline);
    }
    return status;
  }

  private static boolean settled(JsonNode status, Map<String, Long> rowsBySource) {
    for (Map.Entry<String, Long> source : rowsBySource.entrySet()) {
      if (counts(status, source.getKey()).path("in").asLong() < source.getValue()) {
        return false;
      }
    }
    for (JsonNode stage : status.path("stages")) {
      if (stage.path("onTheWay").asLong() != 0 || stage.path("counts").path("held").asLong() != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the ledger of {@code stage} in {@code status}. */
  public static JsonNode counts(JsonNode status, String stage) {
    for (JsonNode line : status.path("stages")) {
      if (line.path("name").asText().equals(stage)) {
        return line.path("counts");
      }
    }
    throw new HouseException("No stage " + stage + " in " + status);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(REQUEST);
  }

  private JsonNode send(HttpRequest request) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String failure;
      try {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() < 300) {
          return JSON.readTree(response.body());
        }
        failure = response.statusCode() + " " + response.body();
        if (response.statusCode() != 503) {
          throw new HouseException(request.method() + " " + request.uri() + ": " + failure);
        }
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > deadline) {
        throw new HouseException(request.method() + " " + request.uri() + ": " + failure);
      }
      Thread.sleep(250);
    }
  }
}
