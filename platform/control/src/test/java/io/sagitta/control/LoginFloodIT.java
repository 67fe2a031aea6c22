package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who tries passwords, one after the other. */
final class LoginFloodIT {
  private static final int ATTEMPTS = 1000;

  @Test
  void attempts_aThousand_areFewHashesAndHarmNobodyElse(@TempDir Path dir) throws Exception {
    try (GuardedControl control = new GuardedControl(dir, "")) {
      String before = control.session("grace");
      Map<Integer, Integer> statuses = new TreeMap<>();
      for (int i = 0; i < ATTEMPTS; i++) {
        HttpResponse<String> reply = control.send(control.login("ada", "password number " + i));
        statuses.merge(reply.statusCode(), 1, Integer::sum);
        if (reply.statusCode() == 429) {
          assertThat(reply.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 61L);
        }
      }
      assertThat(statuses.keySet()).containsExactlyInAnyOrder(401, 429);
      // One more for each minute that a slow machine takes.
      assertThat(statuses.getOrDefault(401, 0)).isBetween(5, 8);
      assertThat(control.send(control.login("ada", GuardedControl.PASSWORD)).statusCode())
          .as("nor the right one")
          .isEqualTo(429);
      assertThat(control.send(control.at("/api/v1/session", before)).statusCode()).isEqualTo(200);
      assertThat(control.session("grace")).isNotEmpty();
      String metrics =
          control
              .sendAs(
                  "grace",
                  HttpRequest.newBuilder(
                      URI.create("https://localhost:" + control.adminPort() + "/metrics")))
              .body();
      assertThat(metrics)
          .contains(
              "sagitta_authz_denied_total{action=\"login\",reason=\"wrong-password\",} "
                  + statuses.getOrDefault(401, 0)
                  + ".0")
          .contains("reason=\"too-many-attempts\",} " + (statuses.getOrDefault(429, 0) + 1) + ".0");
      assertThat(control.audited()).as("recorded within a bound").hasSizeLessThan(ATTEMPTS / 2);
    }
  }
}
