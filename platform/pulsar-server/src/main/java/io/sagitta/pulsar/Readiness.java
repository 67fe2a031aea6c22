package io.sagitta.pulsar;

import io.sagitta.identity.CredentialFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The question whether a server really works: its start is over, its last namespace exists, and a
 * message goes through its health topic (a lookup, a publish and a read).
 */
final class Readiness {
  /**
   * Says whether the start is over, and touches nothing else: a question about a namespace that
   * comes in its midst has hung, and the start with it.
   */
  private static final String READY = "/admin/v2/brokers/ready";

  /** Created as the very last step of a standalone's start. */
  private static final String LAST_NAMESPACE = "/admin/v2/namespaces/pulsar/system";

  private static final String HEALTH = "/admin/v2/brokers/health";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http;
  private final URI admin;

  private Readiness(URI admin, HttpClient http) {
    this.admin = admin;
    this.http = http;
  }

  /** The question to the server at {@code admin}; to a locked one as the broker itself. */
  static Readiness of(URI admin, Optional<LocalPulsarSecurity> security) {
    HttpClient.Builder http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    security.ifPresent(
        locked -> http.sslContext(CredentialFolder.open(locked.identity()).context()));
    return new Readiness(admin, http.build());
  }

  /** What is still missing; empty once the server works. */
  Optional<String> lacking() {
    return Stream.of(READY, LAST_NAMESPACE, HEALTH)
        .map(this::problemAt)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> problemAt(String path) {
    URI address = admin.resolve(path);
    HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          ? Optional.empty()
          : Optional.of(address + " answers " + response.statusCode() + " " + response.body());
    } catch (IOException e) {
      return Optional.of(address + " does not answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The caller's own wait notices it next.
      return Optional.of("interrupted");
    }
  }
}
