package io.sagitta.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Speaks the ops API as any HTTP client would. */
final class ControlHttp {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI base;

  ControlHttp(LocalHouse house) {
    HouseAccess access = house.access(TrialPolicy.SERVICE);
    this.http = access.client();
    this.base = access.at(house.ports().control()).resolve("/api/v1/");
  }

  JsonNode apply(String definition) throws IOException, InterruptedException {
    String body =
        JSON.writeValueAsString(
            JSON.createObjectNode().put("definition", definition).put("author", "test"));
    return send(
        request("pipelines")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Goes back to the revision before. */
  JsonNode rollback(String pipeline) throws IOException, InterruptedException {
    return send(
        request("pipelines/" + pipeline + "/rollback")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"author\":\"test\"}")));
  }

  /** Stops a pipeline's tasks in order. */
  JsonNode pause(String pipeline) throws IOException, InterruptedException {
    return send(
        request("pipelines/" + pipeline + "/pause").POST(HttpRequest.BodyPublishers.noBody()));
  }

  /** Returns a token for what one is by certificate. */
  String token() throws IOException, InterruptedException {
    return send(request("tokens").POST(HttpRequest.BodyPublishers.noBody())).path("token").asText();
  }

  JsonNode status(String pipeline) throws IOException, InterruptedException {
    return send(request("pipelines/" + pipeline + "/status").GET());
  }

  /** Asks for a sample, whose rows come when they are all there or half a minute is over. */
  CompletableFuture<List<JsonNode>> tap(String pipeline, String of, int rows) throws IOException {
    String body =
        JSON.writeValueAsString(
            JSON.createObjectNode().put("of", of).put("rows", rows).put("seconds", 30));
    HttpRequest request =
        request("pipelines/" + pipeline + "/tap")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> rows(of, response));
  }

  private static List<JsonNode> rows(String of, HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new AssertionError(of + ": " + response.statusCode() + " " + response.body());
    }
    List<JsonNode> rows = new ArrayList<>();
    for (String line : response.body().lines().filter(l -> !l.isBlank()).toList()) {
      try {
        rows.add(JSON.readTree(line));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows;
  }

  /** Waits until every row that was fed is where it belongs, and returns the status then. */
  JsonNode awaitSettled(String pipeline, String source, long rows)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    JsonNode status = status(pipeline);
    while (!settled(status, source, rows)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Did not settle: " + status.toPrettyString());
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
      status = status(pipeline);
    }
    return status;
  }

  private static boolean settled(JsonNode status, String source, long rows) {
    boolean settled = counts(status, source).path("in").asLong() >= rows;
    for (JsonNode stage : status.path("stages")) {
      settled &=
          stage.path("onTheWay").asLong() == 0 && stage.path("counts").path("held").asLong() == 0;
    }
    return settled;
  }

  static JsonNode counts(JsonNode status, String stage) {
    for (JsonNode line : status.path("stages")) {
      if (line.path("name").asText().equals(stage)) {
        return line.path("counts");
      }
    }
    throw new AssertionError("No stage " + stage + " in " + status);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(60));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }
}
