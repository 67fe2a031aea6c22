package io.sagitta.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Speaks control's ops API. Every refusal becomes a {@link CommandFailure} in control's words. */
final class ControlClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  // Deleting a pipeline waits for its tasks to stop, and applying one creates topics.
  private static final Duration ANSWER = Duration.ofMinutes(2);

  private final URI base;
  private final HttpClient http;
  private final boolean nobody;

  /** Creates a client of the control at {@code base}; {@code tls} shows a certificate there. */
  ControlClient(URI base, Optional<SSLContext> tls) {
    this.base = base;
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
    tls.ifPresent(builder::sslContext);
    this.nobody = tls.isEmpty();
    this.http = builder.build();
  }

  /** Returns what GET {@code path} answers. */
  JsonNode get(String path) {
    return call(request(path).GET().build());
  }

  /** Returns what POST of {@code body} to {@code path} answers. */
  JsonNode post(String path, Object body) {
    return call(post(path, Json.line(body)));
  }

  /** Returns what DELETE {@code path} answers. */
  JsonNode delete(String path) {
    return call(request(path).DELETE().build());
  }

  /** POSTs {@code body} and hands on each line of the answer as it comes. */
  void postForLines(String path, Object body, Predicate<String> wantsMore) {
    HttpResponse<Stream<String>> response =
        send(post(path, Json.line(body)), BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() >= 400) {
        throw refusal(response.statusCode(), lines.collect(Collectors.joining("\n")));
      }
      lines.filter(l -> !l.isBlank()).takeWhile(wantsMore).forEach(l -> {});
    } catch (java.io.UncheckedIOException e) {
      throw CommandFailure.unreachable(
          "Control at " + base + " broke its answer off: " + reason(e.getCause()) + ".");
    }
  }

  /**
   * Returns the path of {@code pipeline}'s resource.
   *
   * @param pipeline {@code tenant/name}, or a name that only one tenant has
   */
  String pipelinePath(String pipeline) {
    return "/api/v1/pipelines/" + resolve(pipeline);
  }

  private String resolve(String pipeline) {
    if (!pipeline.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?")) {
      throw CommandFailure.usage(
          "'" + pipeline + "' is no pipeline; write tenant/name, such as aviation/flights.");
    }
    if (pipeline.contains("/")) {
      return pipeline;
    }
    List<String> known = new ArrayList<>();
    get("/api/v1/pipelines")
        .path("pipelines")
        .forEach(p -> known.add(p.path("tenant").asText() + "/" + p.path("pipeline").asText()));
    List<String> matches = known.stream().filter(id -> id.endsWith("/" + pipeline)).toList();
    if (matches.size() == 1) {
      return matches.get(0);
    }
    throw CommandFailure.refused(
        matches.isEmpty()
            ? "There is no pipeline '"
                + pipeline
                + "'."
                + (known.isEmpty()
                    ? " Nothing is applied yet."
                    : " There are: " + String.join(", ", known) + ".")
            : "Several tenants have '" + pipeline + "': write one of " + String.join(", ", matches),
        List.of());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER);
  }

  private HttpRequest post(String path, String json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))
        .build();
  }

  private JsonNode call(HttpRequest request) {
    HttpResponse<String> response = send(request, BodyHandlers.ofString());
    if (response.statusCode() >= 400) {
      throw refusal(response.statusCode(), response.body());
    }
    return parse(response.body())
        .orElseThrow(
            () -> CommandFailure.failed("What answers at " + base + " is not Sagitta's control."));
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      if (nobody && e instanceof SSLException) {
        throw CommandFailure.unreachable(
            "Control at "
                + base
                + " wants to know who you are. Say it by --as NAME or $"
                + IdentityOptions.VARIABLE
                + "; those of a demo are in "
                + IdentityOptions.DEMO
                + ".");
      }
      throw CommandFailure.unreachable(
          "Cannot reach control at "
              + base
              + " ("
              + reason(e)
              + "). Start it, or say where it is by --control or $"
              + ControlOptions.VARIABLE
              + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("Interrupted while waiting for control.");
    }
  }

  private static String reason(@org.jspecify.annotations.Nullable IOException e) {
    if (e instanceof java.net.http.HttpTimeoutException) {
      return "no answer in time";
    }
    if (e instanceof SSLException) {
      return "no TLS between us: " + e.getMessage();
    }
    if (e instanceof java.net.ConnectException) {
      return "connection refused";
    }
    return e == null || e.getMessage() == null ? "connection lost" : e.getMessage();
  }

  /** Reads a problem reply (RFC 9457); {@code errors} are its details. */
  private CommandFailure refusal(int status, String body) {
    Optional<JsonNode> problem = parse(body).filter(p -> p.hasNonNull("title"));
    if (problem.isEmpty()) {
      return CommandFailure.failed("Control at " + base + " answered " + status + ".");
    }
    JsonNode reply = problem.get();
    String title = reply.path("title").asText();
    String detail = reply.path("detail").asText("");
    List<String> errors = new ArrayList<>();
    reply.path("errors").forEach(e -> errors.add(errorLine(e)));
    String message = detail.isEmpty() ? title : detail;
    return status >= 500 && status != 503
        ? CommandFailure.failed(message)
        : CommandFailure.refused(message, errors);
  }

  private static String errorLine(JsonNode error) {
    return error.isTextual()
        ? error.asText()
        : error.path("file").asText("")
            + ":"
            + error.path("line").asText("1")
            + ":"
            + error.path("column").asText("1")
            + ": "
            + error.path("message").asText();
  }

  private static Optional<JsonNode> parse(String body) {
    try {
      return body.isBlank() ? Optional.of(Json.object()) : Optional.of(Json.parse(body));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
