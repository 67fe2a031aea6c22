package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.house.HouseAccess;
import io.sagitta.house.LocalHouse;
import io.sagitta.identity.Identity;
import io.sagitta.identity.Logins;
import io.sagitta.identity.PasswordHash;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * At the login for people, and with their sessions. From one address only so many attempts are
 * looked at; so what takes none is tried first, and what takes all last.
 */
final class LoginAttacks implements Attack.Group {
  private static final String SESSION = "/api/v1/session";
  private static final String PAUSE = "/api/v1/pipelines/ours/orders/pause";
  private static final int SAMPLES = 4;

  private final AttackedHouse attacked;
  private final LocalHouse house;

  LoginAttacks(AttackedHouse attacked) {
    this.attacked = attacked;
    this.house = attacked.house();
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack("a session of one's own making, before and after a login", this::fixation),
        new Attack("another site's page that uses a session: nothing changes", this::otherSite),
        new Attack("a session, where a person's rights end", this::rights),
        new Attack("who is there? the same answer, and as late, for each name", this::names),
        new Attack("a person who was taken out of the policy: out at once", this::takenOut),
        new Attack("passwords one after the other: bounded, and others log in", this::spraying));
  }

  /** Somebody who has no certificate, as a browser has none. */
  private HttpResponse<String> send(String cookie, HttpRequest.Builder request) throws Exception {
    HouseAccess nobody = attacked.nobody();
    if (!cookie.isEmpty()) {
      request.setHeader("Cookie", cookie);
    }
    return nobody.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(attacked.nobody().at(house.ports().control()).resolve(path));
  }

  private HttpRequest.Builder login(String name, String password) {
    return at(SESSION)
        .header("Content-Type", "application/json")
        .POST(
            BodyPublishers.ofString(
                "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password)));
  }

  private static String cookie(HttpResponse<String> reply) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return reply.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  private int whoAmI(String cookie) throws Exception {
    return send(cookie, at(SESSION).GET()).statusCode();
  }

  private String origin() {
    return "https://127.0.0.1:" + house.ports().control();
  }

  private void fixation() throws Exception {
    Path file = house.data().resolve("logins");
    for (String name : List.of("ada", "grace")) {
      Logins.put(file, name, PasswordHash.of(PASSWORD.toCharArray()));
    }
    String planted = "__Host-sagitta=" + "A".repeat(43);
    assertThat(whoAmI(planted)).isEqualTo(401);
    HttpResponse<String> reply = send(planted, login("ada", PASSWORD));
    String own = cookie(reply);
    assertThat(reply.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("; Secure", "; HttpOnly", "; SameSite=Strict")
        .doesNotContain("Domain");
    assertThat(own).isNotEqualTo(planted);
    assertThat(whoAmI(planted)).isEqualTo(401);
    assertThat(whoAmI(own)).isEqualTo(200);
    assertThat(whoAmI(planted + "; " + own)).as("two of them").isEqualTo(401);
    char last = own.charAt(own.length() - 1);
    assertThat(whoAmI(own.substring(0, own.length() - 1) + (last == 'A' ? 'B' : 'A')))
        .isEqualTo(401);
    String renewed = cookie(send(own, login("ada", PASSWORD).header("Origin", origin())));
    assertThat(whoAmI(own)).as("the one before the login").isEqualTo(401);
    assertThat(send(renewed, at(SESSION).DELETE().header("Origin", origin())).statusCode())
        .isEqualTo(204);
    assertThat(whoAmI(renewed)).as("after the logout").isEqualTo(401);
    for (Path log : List.of(house.control().log())) {
      assertThat(Files.readString(log)).doesNotContain(own.split("=", 2)[1], PASSWORD);
    }
  }

  private void otherSite() throws Exception {
    String cookie = cookie(send("", login("grace", PASSWORD)));
    HttpRequest.Builder pause = at(PAUSE).POST(BodyPublishers.noBody());
    assertThat(send(cookie, pause).statusCode()).as("says no origin").isEqualTo(403);
    for (String origin : List.of("https://evil.example", "null", "https://127.0.0.1")) {
      HttpRequest.Builder request = at(PAUSE).POST(BodyPublishers.noBody());
      assertThat(send(cookie, request.header("Origin", origin)).statusCode())
          .as(origin)
          .isEqualTo(403);
    }
    HttpRequest.Builder form =
        at(PAUSE)
            .header("Origin", origin())
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(send(cookie, form).statusCode()).isEqualTo(415);
    HttpRequest.Builder own = at(PAUSE).POST(BodyPublishers.noBody());
    assertThat(send(cookie, own.header("Origin", origin())).statusCode())
        .as("of our own page: grace has no right to pause")
        .isEqualTo(403);
    assertThat(whoAmI(cookie)).isEqualTo(200);
  }

  private void rights() throws Exception {
    String ada = cookie(send("", login("ada", PASSWORD)));
    assertThat(send(ada, at("/api/v1/pipelines/ours/orders").GET()).statusCode()).isEqualTo(200);
    for (String path : List.of(PAUSE, "/api/v1/security/keys/rotate", "/api/v1/tokens")) {
      HttpRequest.Builder request =
          at(path).header("Origin", origin()).POST(BodyPublishers.noBody());
      assertThat(send(ada, request).statusCode()).as(path).isEqualTo(403);
    }
    assertThat(attacked.audited("control"))
        .anyMatch(
            r -> r.event().who().equals("subject.ada") && r.event().outcome().equals("denied"));
  }

  private void names() throws Exception {
    List<Long> known = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    Map<String, String> bodies = new TreeMap<>();
    for (int i = 0; i < SAMPLES; i++) {
      for (String name : List.of("grace", "nobody-at-all")) {
        long since = System.nanoTime();
        HttpResponse<String> reply = send("", login(name, "wrong"));
        (name.equals("grace") ? known : unknown).add(System.nanoTime() - since);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(401);
        bodies.put(name, reply.body());
      }
    }
    assertThat(bodies.values().stream().distinct()).hasSize(1);
    assertThat(median(known) / median(unknown)).isBetween(0.4, 2.5);
    // The audit log counts denials of those who prove nothing together; the metric each.
    assertThat(
            AttackedHouse.send(
                    house.access(Identity.Machine.CONTROL),
                    house.ports().controlAdmin(),
                    "GET",
                    "/metrics",
                    "")
                .body())
        .containsPattern("action=\"login\",reason=\"wrong-password\",} ([8-9]|[1-9]\\d)");
  }

  private static double median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private void takenOut() throws Exception {
    String ada = cookie(send("", login("ada", PASSWORD)));
    String subjects = Files.readString(attacked.policyFile("subjects.yaml"));
    String grants = AttackedHouse.GRANTS;
    attacked.apply(
        Map.of(
            "subjects.yaml", subjects.replaceAll("  ada: .*\n", ""),
            "grants.yaml", grants.replace(", ada", "")));
    assertThat(whoAmI(ada)).isEqualTo(401);
    attacked.apply(Map.of());
    assertThat(whoAmI(ada)).as("after the name came back").isEqualTo(401);
  }

  private void spraying() throws Exception {
    Map<Integer, Integer> statuses = new TreeMap<>();
    String before = cookie(send("", login("ada", PASSWORD)));
    for (int i = 0; i < 60; i++) {
      HttpResponse<String> reply = send("", login("name-" + i, "summer2026"));
      statuses.merge(reply.statusCode(), 1, Integer::sum);
      if (reply.statusCode() == 429) {
        assertThat(reply.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
      }
    }
    assertThat(statuses.keySet()).containsExactlyInAnyOrder(401, 429);
    assertThat(statuses.getOrDefault(401, 0)).isLessThan(40);
    assertThat(whoAmI(before)).as("who is in stays in").isEqualTo(200);
  }
}
