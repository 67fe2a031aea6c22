package io.sagitta.pulsar;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * The question whether a server really works: its last namespace exists, and a message goes through
 * its health topic (a lookup, a publish and a read).
 */
final class Readiness {
  /** Created as the very last step of a standalone's start. */
  private static final String LAST_NAMESPACE = "/admin/v2/namespaces/pulsar/system";

  private static final String HEALTH = "/admin/v2/brokers/health";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI admin;

  Readiness(URI admin) {
    this.admin = admin;
  }

  boolean answers() {
    return isOk(LAST_NAMESPACE) && isOk(HEALTH);
  }

  private boolean isOk(String path) {
    HttpRequest request = HttpRequest.newBuilder(admin.resolve(path)).timeout(PATIENCE).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // Not listening yet: the caller asks again, and gives up in time.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false; // The caller's own wait notices the interruption.
    }
  }
}
