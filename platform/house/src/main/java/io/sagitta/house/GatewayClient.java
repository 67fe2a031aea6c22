package io.sagitta.house;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Speaks the gateway's HTTP as any client would. */
public final class GatewayClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REQUEST = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PAGE_ROWS = 10_000;

  private final URI base;
  private final Duration requestTimeout;
  private final Duration patience;
  private final HttpClient http;

  private GatewayClient(URI base, HttpClient http, Duration requestTimeout, Duration patience) {
    this.base = base;
    this.http = http;
    this.requestTimeout = requestTimeout;
    this.patience = patience;
  }

  /** Creates a client of the gateway on {@code port} of loopback. */
  GatewayClient(HouseAccess access, int port) {
    this(access.at(port), access.client(), REQUEST, PATIENCE);
  }

  /**
   * Returns the same with less patience.
   *
   * @param timeout after how long it gives an answer up and asks again
   * @param limit for how long it asks again
   */
  public GatewayClient within(Duration timeout, Duration limit) {
    return new GatewayClient(base, http, timeout, limit);
  }

  /**
   * Posts JSON lines as request {@code sequence} of {@code producer}, again and again while the
   * gateway is busy or away: the rows arrive once.
   *
   * @return the reply
   * @throws HouseException if the gateway refuses the rows
   */
  public JsonNode post(String source, String producer, long sequence, String lines)
      throws InterruptedException {
    HttpRequest request =
        request("/v1/sources/" + source)
            .header("Content-Type", "application/x-ndjson")
            .header("Sagitta-Producer", producer)
            .header("Sagitta-Sequence", Long.toString(sequence))
            .POST(HttpRequest.BodyPublishers.ofString(lines))
            .build();
    return send(request);
  }

  /** Says that no more rows come to {@code source}. */
  public void end(String source) throws InterruptedException {
    send(
        request("/v1/sources/" + source + "/end")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  /** Gives {@code reader} all rows of {@code stream} that there are. */
  public void readAll(String stream, Consumer<JsonNode> reader) throws InterruptedException {
    Optional<String> cursor = Optional.empty();
    while (true) {
      String page = "/v1/streams/" + stream + "/rows?limit=" + PAGE_ROWS;
      JsonNode reply = get(page + cursor.map(c -> "&cursor=" + encoded(c)).orElse(""));
      if (reply.path("rows").isEmpty()) {
        return;
      }
      reply.path("rows").forEach(reader);
      cursor = Optional.of(reply.path("cursor").asText());
    }
  }

  /** Returns what GET {@code path} answers. */
  public JsonNode get(String path) throws InterruptedException {
    return send(request(path).header("Accept", "application/json").GET().build());
  }

  /** Returns {@code parameters} as the query of a URL. */
  public static String query(Map<String, String> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            query
                .append(query.isEmpty() ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
    return query.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(requestTimeout);
  }

  private JsonNode send(HttpRequest request) throws InterruptedException {
    String failure = "";
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() < 300) {
          return response.body().isEmpty()
              ? JSON.createObjectNode()
              : JSON.readTree(response.body());
        }
        failure = response.statusCode() + " " + response.body();
        if (response.statusCode() != 429 && response.statusCode() != 503) {
          break;
        }
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
      }
      Thread.sleep(250);
    }
    throw new HouseException(request.method() + " " + request.uri() + ": " + failure);
  }
}
