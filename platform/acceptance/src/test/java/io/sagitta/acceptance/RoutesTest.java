package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenVerifier;
import io.sagitta.policy.Role;
import io.sagitta.service.RunningRole;
import io.sagitta.service.access.Route;
import io.sagitta.service.audit.AuditFolder;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every route of gateway and control, asked by a holder of every role, a stranger and nobody. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALL = "all, and nobody";
  private static final String KNOWN = "all known";

  /**
   * Who gets past the doors, by role in the tenant; {@code platform-…} are roles of the platform.
   */
  private static final Map<String, Set<String>> EXPECTED =
      Map.ofEntries(
          Map.entry("POST /v1/sources/{tenant}/{pipeline}/{source}", Set.of("writer")),
          Map.entry("POST /v1/sources/{tenant}/{pipeline}/{source}/end", Set.of("writer")),
          Map.entry("GET /v1/streams/{tenant}/{pipeline}/{stream}", Set.of("reader")),
          Map.entry("GET /v1/streams/{tenant}/{pipeline}/{stream}/latest", Set.of("reader")),
          Map.entry("GET /v1/streams/{tenant}/{pipeline}/{stream}/rows", Set.of("reader")),
          Map.entry("GET /v1/streams/{tenant}/{pipeline}/{stream}/ws", Set.of("reader")),
          Map.entry("GET /api/v1/openapi.json", Set.of(ALL)),
          Map.entry("GET /api/v1/pipelines", Set.of(KNOWN)),
          Map.entry("POST /api/v1/pipelines", Set.of("deployer", "admin")),
          Map.entry("POST /api/v1/plan", Set.of("deployer", "admin")),
          Map.entry("GET /api/v1/pipelines/{tenant}/{pipeline}", viewers()),
          Map.entry("GET /api/v1/pipelines/{tenant}/{pipeline}/status", viewers()),
          Map.entry("GET /api/v1/pipelines/{tenant}/{pipeline}/events", viewers()),
          Map.entry(
              "POST /api/v1/pipelines/{tenant}/{pipeline}/pause", Set.of("operator", "admin")),
          Map.entry(
              "POST /api/v1/pipelines/{tenant}/{pipeline}/resume", Set.of("operator", "admin")),
          Map.entry(
              "POST /api/v1/pipelines/{tenant}/{pipeline}/rollback",
              Set.of("operator", "deployer", "admin")),
          Map.entry("DELETE /api/v1/pipelines/{tenant}/{pipeline}", Set.of("admin")),
          Map.entry(
              "POST /api/v1/pipelines/{tenant}/{pipeline}/tap",
              Set.of("operator", "admin", "custodian")),
          Map.entry(
              "GET /api/v1/pipelines/{tenant}/{pipeline}/quarantine",
              Set.of("operator", "admin", "custodian")),
          Map.entry(
              "POST /api/v1/pipelines/{tenant}/{pipeline}/quarantine/replay",
              Set.of("operator", "admin")),
          Map.entry("GET /api/v1/security/policy", Set.of("platform-admin", "platform-auditor")),
          Map.entry("POST /api/v1/security/policy", Set.of("platform-admin")),
          Map.entry("GET /api/v1/security/grants", Set.of("platform-admin", "platform-auditor")),
          Map.entry("POST /api/v1/security/grants", Set.of("platform-admin")),
          Map.entry("POST /api/v1/security/keys/rotate", Set.of("platform-admin")),
          Map.entry("GET /api/v1/session", Set.of(KNOWN)),
          Map.entry("POST /api/v1/session", Set.of(ALL)),
          Map.entry("DELETE /api/v1/session", Set.of(KNOWN)),
          Map.entry("GET /api/v1/session/oidc", Set.of(ALL)),
          Map.entry("GET /api/v1/session/oidc/back", Set.of(ALL)),
          Map.entry("GET /api/v1/sessions/{person}", Set.of("platform-admin")),
          Map.entry("DELETE /api/v1/sessions/{person}", Set.of("platform-admin")),
          Map.entry("GET /api/v1/tokens/keys", Set.of(ALL)),
          Map.entry("POST /api/v1/tokens", Set.of(KNOWN)),
          Map.entry("POST /api/v1/tokens/pipelines", Set.of("node")));

  private static Set<String> viewers() {
    return Set.of("viewer", "operator", "deployer", "admin", "custodian");
  }

  private static final List<String> KNOWN_SUBJECTS =
      Stream.concat(
              Arrays.stream(Role.values()).map(Role::word),
              Stream.of("platform-admin", "platform-auditor", "stranger"))
          .toList();

  private final SecuredRoles roles;

  RoutesTest(@TempDir Path dir) throws Exception {
    roles = new SecuredRoles(dir, policy(""));
  }

  @AfterAll
  void stop() {
    roles.close();
  }

  /** Returns a policy that grants each role to whoever is called like it, but {@code without}. */
  private static Map<String, String> policy(String without) {
    String subjects =
        KNOWN_SUBJECTS.stream()
            .map(name -> "  %s: {purpose: Test}\n".formatted(name))
            .collect(Collectors.joining());
    String grants =
        Arrays.stream(Role.values())
            .map(Role::word)
            .filter(role -> !role.equals(without))
            .map(role -> "  - {role: %1$s, of: sky, to: [%1$s]}\n".formatted(role))
            .collect(Collectors.joining());
    return Map.of(
        "subjects.yaml",
        "apiVersion: sagitta/v1\nkind: Subjects\nservices:\n"
            + subjects
            + "groups:\n  team: {members: [admin]}\n",
        "tenants.yaml",
        """
        apiVersion: sagitta/v1
        kind: Tenants
        tenants:
          sky: {purpose: Flights, owner: team}
          sea: {purpose: Ships, owner: team}
        """,
        "grants.yaml",
        "apiVersion: sagitta/v1\nkind: Grants\ngrants:\n"
            + grants
            + "  - {role: admin, of: platform, to: [platform-admin]}\n"
            + "  - {role: auditor, of: platform, to: [platform-auditor]}\n"
            + "  - {role: admin, of: sea, to: [stranger]}\n");
  }

  private static String definition(String name, String column) {
    return """
        apiVersion: sagitta/v1
        kind: Pipeline
        metadata: {name: %s, tenant: sky}
        spec:
          mode: streaming
          sources:
            rows: {type: http, schema: {a: {type: int32}}}
          stages:
            kept: {type: sql, inputs: [rows], query: "SELECT %s FROM rows"}
          streams:
            out: {inputs: [kept], key: [a]}
        """
        .formatted(name, column);
  }

  private static String body(Route route) {
    ObjectNode body = JSON.createObjectNode();
    switch (route.path()) {
      // Refused once it is planned, which comes after the question.
      case "/api/v1/pipelines", "/api/v1/plan" ->
          body.put("definition", definition("p", "nothing"));
      case "/api/v1/security/policy" -> body.putObject("files").put("x.yaml", "nonsense");
      default -> {}
    }
    return body.toString();
  }

  private int ask(String principal, RunningRole role, Route route) throws Exception {
    String path =
        route
            .path()
            .replace("{tenant}", "sky")
            .replace("{pipeline}", "p")
            .replace("{source}", "s")
            .replace("{stream}", "o")
            .replace("{person}", "ada");
    HttpRequest.Builder request = SecuredRoles.at(role, path);
    if (route.verb().equals("POST")) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body(route)));
    } else {
      request.method(route.verb(), HttpRequest.BodyPublishers.noBody());
    }
    return roles.send(principal, request).statusCode();
  }

  private static boolean passes(String subject, Set<String> expected) {
    return expected.contains(ALL)
        || expected.contains(subject)
        || (expected.contains(KNOWN) && KNOWN_SUBJECTS.contains(subject));
  }

  @Test
  void routes_areTheListedOnes() {
    Set<String> served = new TreeSet<>();
    for (RunningRole role : List.of(roles.gateway, roles.control)) {
      role.routes().forEach(route -> served.add(route.verb() + " " + route.path()));
    }
    assertThat(served).isEqualTo(new TreeSet<>(EXPECTED.keySet()));
  }

  @Test
  void route_eachRole_isLetInOrNotAsListed() throws Exception {
    awaitPolicy();
    Map<String, String> principals = new TreeMap<>();
    KNOWN_SUBJECTS.forEach(name -> principals.put(name, "subject." + name));
    principals.put("unknown", "subject.unknown");
    principals.put("team", "subject.team");
    principals.put("node", "node");
    principals.put("gateway", "gateway");
    principals.put("pipeline", "pipeline.sky.p");
    principals.put("nobody", "");
    List<String> wrong = new ArrayList<>();
    for (RunningRole role : List.of(roles.gateway, roles.control)) {
      for (Route route : role.routes()) {
        String name = route.verb() + " " + route.path();
        Set<String> expected = EXPECTED.getOrDefault(name, Set.of());
        for (Map.Entry<String, String> asks : principals.entrySet()) {
          int status = ask(asks.getValue(), role, route);
          boolean right =
              passes(asks.getKey(), expected)
                  ? status != 401 && status != 403 && status < 500
                  : status == (asks.getKey().equals("nobody") ? 401 : 403);
          if (!right) {
            wrong.add("%s by %s: %d".formatted(name, asks.getKey(), status));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    for (String log : List.of("control-audit", "gateway-audit")) {
      AuditFolder.Report report = new AuditFolder(roles.data.resolve(log)).verify();
      assertThat(report.problems()).isEmpty();
      assertThat(report.records()).isPositive();
    }
  }

  /** The gateway follows the policy from its topic, once it is there. */
  private void awaitPolicy() throws Exception {
    awaitStatus("/v1/streams/sky/none/none", "subject.reader", 404);
  }

  private void awaitStatus(String path, String principal, int wanted) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    int status = 0;
    while (status != wanted && System.nanoTime() < deadline) {
      status = roles.send(principal, SecuredRoles.at(roles.gateway, path)).statusCode();
    }
    assertThat(status).isEqualTo(wanted);
  }

  @Test
  void list_andDetail_showTheSame() throws Exception {
    ObjectNode order = JSON.createObjectNode().put("definition", definition("seen", "a"));
    order.put("author", "somebody else");
    HttpResponse<String> applied =
        roles.post("subject.deployer", roles.control, "/api/v1/pipelines", order.toString());
    assertThat(applied.statusCode()).as(applied.body()).isEqualTo(200);
    for (String name : KNOWN_SUBJECTS) {
      String who = "subject." + name;
      String list = get(who, "/api/v1/pipelines").body();
      int detail = get(who, "/api/v1/pipelines/sky/seen").statusCode();
      assertThat(list.contains("seen")).as(name).isEqualTo(detail == 200);
    }
    JsonNode status =
        JSON.readTree(get("subject.viewer", "/api/v1/pipelines/sky/seen/status").body());
    assertThat(status.path("author").asText()).isEqualTo("subject.deployer");
    assertThat(get("subject.stranger", "/api/v1/pipelines/sky/absent").body())
        .isEqualTo(get("subject.stranger", "/api/v1/pipelines/sky/seen").body());
  }

  private HttpResponse<String> get(String principal, String path) throws Exception {
    return roles.send(principal, SecuredRoles.at(roles.control, path));
  }

  @Test
  void token_forACertificate_opensTheGatewayAndGivesNoOther() throws Exception {
    awaitPolicy();
    HttpResponse<String> reply = roles.post("subject.reader", roles.control, "/api/v1/tokens", "");
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    String header = "Bearer " + JSON.readTree(reply.body()).path("token").asText();
    HttpRequest.Builder read =
        SecuredRoles.at(roles.gateway, "/v1/streams/sky/none/none").header("Authorization", header);
    assertThat(roles.send("", read).statusCode()).isEqualTo(404);
    HttpRequest.Builder again =
        SecuredRoles.at(roles.control, "/api/v1/tokens")
            .header("Authorization", header)
            .POST(HttpRequest.BodyPublishers.noBody());
    assertThat(roles.send("", again).statusCode()).isEqualTo(403);
  }

  @Test
  void tokens_ofPipelines_areForPulsarAndForAppliedOnes() throws Exception {
    ObjectNode apply = JSON.createObjectNode().put("definition", definition("run", "a"));
    roles.post("subject.deployer", roles.control, "/api/v1/pipelines", apply.toString());
    HttpResponse<String> reply =
        roles.post(
            "node",
            roles.control,
            "/api/v1/tokens/pipelines",
            "{\"pipelines\":[\"sky/run\",\"sky/none\",\"../x\"]}");
    JsonNode answer = JSON.readTree(reply.body());
    assertThat(answer.path("unknown")).hasSize(2);
    String keys = get("", "/api/v1/tokens/keys").body();
    TokenVerifier verifier =
        new TokenVerifier("ES256", TokenIssuer.PLATFORM, "pulsar", () -> keys, Clock.systemUTC());
    assertThat(verifier.verify(answer.path("tokens").path(0).path("token").asText()).identity())
        .isEqualTo(new Identity.Pipeline("sky", "run"));
    assertThat(keys).doesNotContain("\"d\"");
  }

  @Test
  void policy_applied_isObeyedByGatewayAndControlAtOnceAndAsAWhole() throws Exception {
    awaitPolicy();
    assertThat(applyPolicy("subject.platform-auditor", policy("reader"))).isEqualTo(403);
    assertThat(applyPolicy("subject.platform-admin", Map.of("x.yaml", "kind: Nonsense")))
        .isEqualTo(422);
    assertThat(get("subject.viewer", "/api/v1/pipelines/sky/none").statusCode()).isEqualTo(404);
    try {
      assertThat(applyPolicy("subject.platform-admin", policy("reader"))).isEqualTo(200);
      awaitStatus("/v1/streams/sky/none/none", "subject.reader", 403);
      JsonNode now =
          JSON.readTree(get("subject.platform-auditor", "/api/v1/security/policy").body());
      assertThat(now.path("author").asText()).isEqualTo("subject.platform-admin");
      assertThat(now.path("number").asLong()).isGreaterThan(1);
    } finally {
      assertThat(applyPolicy("subject.platform-admin", policy(""))).isEqualTo(200);
      awaitPolicy();
    }
  }

  @Test
  void socket_readerLosesTheRight_isClosed() throws Exception {
    ObjectNode order = JSON.createObjectNode().put("definition", definition("live", "a"));
    roles.post("subject.deployer", roles.control, "/api/v1/pipelines", order.toString());
    awaitPolicy();
    awaitStatus("/v1/streams/sky/live/out", "subject.reader", 200);
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    roles
        .client("subject.reader")
        .newWebSocketBuilder()
        .buildAsync(
            URI.create(
                "wss://localhost:%d/v1/streams/sky/live/out/ws".formatted(roles.gateway.port())),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                closed.complete(code);
                return CompletableFuture.completedFuture(reason);
              }
            })
        .get(30, TimeUnit.SECONDS);
    try {
      assertThat(applyPolicy("subject.platform-admin", policy("reader"))).isEqualTo(200);
      assertThat(closed.get(60, TimeUnit.SECONDS)).isEqualTo(1008);
    } finally {
      assertThat(applyPolicy("subject.platform-admin", policy(""))).isEqualTo(200);
      awaitPolicy();
    }
  }

  private int applyPolicy(String principal, Map<String, String> files) throws Exception {
    ObjectNode order = JSON.createObjectNode();
    ObjectNode texts = order.putObject("files");
    files.forEach(texts::put);
    return roles
        .post(principal, roles.control, "/api/v1/security/policy", order.toString())
        .statusCode();
  }
}
