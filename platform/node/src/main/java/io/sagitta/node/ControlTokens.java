package io.sagitta.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.transport.PipelineId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Asks control for the tokens of pipelines, over mutual TLS as this node. */
final class ControlTokens implements TokenSource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI address;
  private final HttpClient http;

  /**
   * Creates one.
   *
   * @param control where control listens, {@code https://…}
   */
  ControlTokens(URI control, CredentialFolder credentials) {
    this.address = control.resolve("/api/v1/tokens/pipelines");
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .sslContext(credentials.context())
            .build();
  }

  @Override
  public Token fetch(PipelineId pipeline) throws IOException, InterruptedException {
    String order =
        JSON.createObjectNode()
            .set("pipelines", JSON.createArrayNode().add(pipeline.toString()))
            .toString();
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(order))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(address + " answers " + response.statusCode());
    }
    JsonNode token = JSON.readTree(response.body()).path("tokens").path(0);
    if (!token.path("token").isTextual()) {
      throw new IOException(address + " knows no such pipeline");
    }
    try {
      return new Token(token.path("token").asText(), Instant.parse(token.path("expires").asText()));
    } catch (DateTimeParseException e) {
      // Not the cause: it quotes what it could not read, which stands beside a secret.
      throw new IOException(address + " does not say when the token expires");
    }
  }
}
