package io.sagitta.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.identity.Authorities;
import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.TokenIssuer;
import io.sagitta.identity.TokenKeys;
import io.sagitta.service.RunningRole;
import io.sagitta.service.ServiceConfiguration;
import io.sagitta.service.StartException;
import io.sagitta.service.audit.AuditEvent;
import io.sagitta.service.audit.AuditFolder;
import io.sagitta.service.audit.AuditRecord;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The doors of one role, over TLS; one class, however long, since all its cases share that role.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DoorsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");
  private static final Identity ADA = new Identity.Subject("ada");

  private final java.nio.file.Path dir;
  private final CertificateAuthority authority;
  private final TokenKeys keys;
  private final DoorRole role = new DoorRole();
  private final RunningRole running;

  DoorsTest(@TempDir java.nio.file.Path dir) throws Exception {
    this.dir = dir;
    authority = authority("ca");
    keys = TokenKeys.in(dir.resolve("keys.json"), "ES256", Clock.systemUTC());
    authority.issue(Identity.Machine.CONTROL, LOOPBACK, DAY, dir.resolve("control"));
    running = role.start(settings(new DoorRole.Settings(), "audit"));
    role.policyInForce()
        .swap(
            DoorRole.policy(DoorRole.POLICY, DoorRole.TENANTS, DoorRole.GRANTS), keys.published());
  }

  private CertificateAuthority authority(String name) {
    return CertificateAuthority.in(dir.resolve(name), name, DAY, Clock.systemUTC());
  }

  private DoorRole.Settings settings(DoorRole.Settings settings, String audit) {
    settings.tls().setFolder(dir.resolve("control").toString());
    settings.audit().setFolder(dir.resolve(audit).toString());
    return settings;
  }

  @AfterAll
  void stop() {
    running.close();
  }

  private CredentialFolder folder(CertificateAuthority issuer, Identity identity, Duration life) {
    java.nio.file.Path folder = dir.resolve(identity.principal() + "-" + life.toMillis());
    issuer.issue(identity, List.of(), life, folder);
    return CredentialFolder.open(folder);
  }

  private HttpClient client(String subject) {
    return client(folder(authority, new Identity.Subject(subject), DAY).context());
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).build();
  }

  /** Trusts the authority and proves nothing. */
  private HttpClient nobody() {
    return client(Authorities.trusted(dir.resolve("ca").resolve("ca.pem")));
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + running.port() + path));
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
      throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder post(String path, String body) {
    return at(path).POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private String token(Identity identity, String audience, Duration life) {
    return new TokenIssuer(keys, TokenIssuer.PLATFORM, Clock.systemUTC())
        .issue(identity, audience, life)
        .text();
  }

  private int withToken(String token) throws Exception {
    HttpResponse<String> reply =
        send(nobody(), at("/v1/me").header("Authorization", "Bearer " + token));
    assertThat(reply.body()).doesNotContain(token);
    return reply.statusCode();
  }

  private List<AuditEvent> audited() throws IOException {
    List<AuditEvent> events = new ArrayList<>();
    new AuditFolder(dir.resolve("audit"))
        .read(line -> events.add(AuditRecord.parse(line).orElseThrow().event()));
    return events;
  }

  @Test
  void route_granted_answersAndIsRecorded() throws Exception {
    HttpResponse<String> reply = send(client("ada"), post("/v1/pipelines/sky/flights/pause", ""));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(audited())
        .anySatisfy(
            event -> {
              assertThat(event.who()).isEqualTo("subject.ada");
              assertThat(event.action()).isEqualTo("pause");
              assertThat(event.object()).isEqualTo("pipeline sky/flights");
              assertThat(event.outcome()).isEqualTo(AuditEvent.ALLOWED);
              assertThat(event.rule()).contains(".yaml:4", "operator of sky");
              assertThat(event.from()).startsWith("127.0.0.1:");
            });
  }

  @Test
  void route_notGranted_isForbiddenAlikeWhetherItExistsOrNot() throws Exception {
    int before = role.paused.get();
    HttpClient eve = client("eve");
    HttpResponse<String> there = send(eve, at("/v1/pipelines/sky/flights"));
    HttpResponse<String> notThere = send(eve, at("/v1/pipelines/sky/nothing"));
    HttpResponse<String> noName = send(eve, at("/v1/pipelines/SKY/x"));
    assertThat(there.statusCode()).isEqualTo(403);
    assertThat(notThere.statusCode()).isEqualTo(403);
    assertThat(notThere.body()).isEqualTo(there.body());
    assertThat(noName.body()).isEqualTo(there.body());
    assertThat(send(eve, post("/v1/pipelines/sky/flights/pause", "")).statusCode()).isEqualTo(403);
    assertThat(role.paused).hasValue(before);
    assertThat(audited())
        .anySatisfy(
            event -> {
              assertThat(event.who()).isEqualTo("subject.eve");
              assertThat(event.outcome()).isEqualTo(AuditEvent.DENIED);
            });
  }

  @Test
  void route_proofOfNobody_isRefused() throws Exception {
    HttpResponse<String> reply = send(nobody(), at("/v1/pipelines/sky/flights"));
    assertThat(reply.statusCode()).isEqualTo(401);
    assertThat(reply.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
    assertThat(send(client("mallory"), at("/v1/me")).statusCode()).isEqualTo(403);
    // A certificate that names a group is nobody's.
    assertThat(send(client("team"), at("/v1/me")).statusCode()).isEqualTo(403);
    assertThat(send(nobody(), at("/v1/open")).statusCode()).isEqualTo(200);
  }

  @Test
  void list_showsWhatItsDetailWouldShow() throws Exception {
    assertThat(send(client("ada"), at("/v1/pipelines")).body()).isEqualTo("[sky/flights]");
    assertThat(send(client("robot"), at("/v1/pipelines")).body()).isEqualTo("[sea/ships]");
    assertThat(send(client("eve"), at("/v1/pipelines")).body()).isEqualTo("[]");
    assertThat(send(nobody(), at("/v1/pipelines")).statusCode()).isEqualTo(401);
  }

  @Test
  void route_ofBody_failsIfItForgetsToAsk() throws Exception {
    HttpClient ada = client("ada");
    assertThat(send(ada, post("/v1/plan", "flights")).statusCode()).isEqualTo(403);
    assertThat(send(ada, post("/v1/plan", "forget")).statusCode()).isEqualTo(500);
  }

  @Test
  void route_ofMachines_takesThatMachineAlone() throws Exception {
    HttpClient node = client(folder(authority, Identity.Machine.NODE, DAY).context());
    HttpClient gateway = client(folder(authority, Identity.Machine.GATEWAY, DAY).context());
    assertThat(send(node, at("/v1/node")).statusCode()).isEqualTo(200);
    assertThat(send(gateway, at("/v1/node")).statusCode()).isEqualTo(403);
    assertThat(send(client("ada"), at("/v1/node")).statusCode()).isEqualTo(403);
    assertThat(send(node, at("/v1/pipelines/sky/flights")).statusCode()).isEqualTo(403);
    assertThat(send(node, at("/v1/me")).statusCode()).isEqualTo(403);
  }

  @Test
  void token_good_provesWhoseItIs() throws Exception {
    String token = token(ADA, TokenIssuer.DOORS, DAY);
    HttpRequest.Builder request = at("/v1/me").header("Authorization", "Bearer " + token);
    assertThat(send(nobody(), request).body()).isEqualTo("subject.ada");
  }

  @Test
  void token_bad_isRefusedEvenBesideACertificate() throws Exception {
    String good = token(ADA, TokenIssuer.DOORS, DAY);
    String claims = good.substring(good.indexOf('.') + 1, good.lastIndexOf('.'));
    var none =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(withToken(none + "." + claims + ".")).isEqualTo(401);
    assertThat(withToken(good.substring(0, good.length() - 6) + "AAAAAA")).isEqualTo(401);
    assertThat(withToken(token(ADA, "pulsar", DAY))).isEqualTo(401);
    assertThat(withToken(token(Identity.Machine.CONTROL, TokenIssuer.DOORS, DAY))).isEqualTo(401);
    assertThat(withToken(token(ADA, TokenIssuer.DOORS, Duration.ofMinutes(-5)))).isEqualTo(401);
    assertThat(withToken("x".repeat(5000))).isEqualTo(401);
    HttpRequest.Builder both = at("/v1/me").header("Authorization", "Bearer nonsense");
    assertThat(send(client("ada"), both).statusCode()).isEqualTo(401);
  }

  @Test
  void connection_otherAuthorityOrExpired_provesNothing() throws Exception {
    CertificateAuthority other = authority("other-ca");
    java.nio.file.Path folder = dir.resolve("foreign");
    other.issue(ADA, List.of(), DAY, folder);
    // It trusts us, and we do not trust it.
    java.nio.file.Files.copy(
        dir.resolve("ca").resolve("ca.pem"),
        folder.resolve("ca.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertProvesNothing(client(CredentialFolder.open(folder).context()));
    CertificateAuthority yesterday =
        CertificateAuthority.in(
            dir.resolve("ca"),
            "ca",
            DAY,
            Clock.fixed(Instant.now().minus(Duration.ofHours(2)), ZoneOffset.UTC));
    assertProvesNothing(client(folder(yesterday, ADA, Duration.ofHours(1)).context()));
  }

  /** A client may keep a certificate to itself that the server's authorities have not issued. */
  private void assertProvesNothing(HttpClient client) throws Exception {
    try {
      assertThat(send(client, at("/v1/me")).statusCode()).isEqualTo(401);
    } catch (IOException refusedInTheHandshake) {
      assertThat(refusedInTheHandshake).isNotInstanceOf(java.net.ConnectException.class);
    }
  }

  @Test
  void connection_plainTextOrOldTls_isRefused() throws Exception {
    try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), running.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /v1/open HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("open");
    }
    SSLParameters old = new SSLParameters();
    old.setProtocols(new String[] {"TLSv1.2"});
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(folder(authority, ADA, DAY).context())
            .sslParameters(old)
            .build();
    assertThatThrownBy(() -> send(client, at("/v1/open")))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void adminPort_needsACertificateThatHasBusinessThere() throws Exception {
    URI health = URI.create("https://localhost:" + running.adminPort() + "/metrics");
    assertThatThrownBy(() -> send(nobody(), HttpRequest.newBuilder(health)))
        .isInstanceOf(IOException.class);
    assertThat(send(client("robot"), HttpRequest.newBuilder(health)).body())
        .contains("sagitta_authz_denied_total");
    assertThat(send(client("mallory"), HttpRequest.newBuilder(health)).statusCode()).isEqualTo(403);
    URI tasks = URI.create("https://localhost:" + running.adminPort() + "/tasks/log-level");
    assertThat(
            send(
                    client("robot"),
                    HttpRequest.newBuilder(tasks).POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(404);
    URI threads = URI.create("https://localhost:" + running.adminPort() + "/threads");
    assertThat(send(client("robot"), HttpRequest.newBuilder(threads)).statusCode()).isEqualTo(404);
  }

  @Test
  void browser_ofAnotherSite_isTurnedAway() throws Exception {
    HttpClient ada = client("ada");
    int before = role.paused.get();
    for (String origin : List.of("https://evil.example", "null", "http://localhost")) {
      HttpRequest.Builder request =
          post("/v1/pipelines/sky/flights/pause", "").header("Origin", origin);
      assertThat(send(ada, request).statusCode()).as(origin).isEqualTo(403);
    }
    assertThat(send(ada, at("/v1/pipelines").header("Sec-Fetch-Site", "cross-site")).statusCode())
        .isEqualTo(403);
    assertThat(role.paused).hasValue(before);
    HttpRequest.Builder own =
        at("/v1/pipelines").header("Origin", "https://localhost:" + running.port());
    assertThat(send(ada, own).statusCode()).isEqualTo(200);
  }

  @Test
  void reply_carriesTheHeadersOfAnApi() throws Exception {
    assertHeaders(send(nobody(), at("/v1/open")));
    assertHeaders(send(nobody(), at("/v1/me")));
    assertHeaders(send(nobody(), at("/nothing/here")));
    assertHeaders(send(nobody(), at("/v1/open").header("Origin", "https://evil.example")));
    assertHeaders(send(nobody(), at("/v1/open").header("X-Long", "x".repeat(20_000))));
    URI health = URI.create("https://localhost:" + running.adminPort() + "/healthcheck");
    assertHeaders(send(client("robot"), HttpRequest.newBuilder(health)));
  }

  private static void assertHeaders(HttpResponse<String> reply) {
    var headers = reply.headers();
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
        .contains("frame-ancestors 'none'");
    assertThat(headers.firstValue("Strict-Transport-Security")).isPresent();
    assertThat(String.join(",", headers.allValues("Cache-Control"))).contains("no-store");
    assertThat(headers.firstValue("Server")).isEmpty();
  }

  @Test
  void policy_swapped_decidesFromThenOn() throws Exception {
    DoorRole second = new DoorRole();
    try (RunningRole other = second.start(settings(new DoorRole.Settings(), "audit-2"))) {
      URI me = URI.create("https://localhost:" + other.port() + "/v1/me");
      HttpClient eve = client("eve");
      assertThat(send(eve, HttpRequest.newBuilder(me)).statusCode()).isEqualTo(503);
      second
          .policyInForce()
          .swap(DoorRole.policy(DoorRole.POLICY, DoorRole.TENANTS), keys.published());
      assertThat(send(eve, HttpRequest.newBuilder(me)).statusCode()).isEqualTo(200);
      second
          .policyInForce()
          .swap(
              DoorRole.policy(
                  DoorRole.POLICY.replace("  eve: {name: Eve Example}\n", ""), DoorRole.TENANTS),
              keys.published());
      assertThat(send(eve, HttpRequest.newBuilder(me)).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void routes_areAllListedWithWhatTheyAsk() {
    Set<String> listed =
        running.routes().stream().map(r -> r.verb() + " " + r.path()).collect(Collectors.toSet());
    assertThat(listed)
        .hasSize(7)
        .contains("POST /v1/plan", "GET /v1/pipelines/{tenant}/{pipeline}");
  }

  /** Declares nothing. */
  @Path("/v1/undeclared")
  public static final class Undeclared {
    /** Answers anybody. */
    @GET
    public String get() {
      return "oops";
    }
  }

  /** Asks what makes no sense. */
  @Path("/v1/odd/{tenant}")
  public static final class Odd {
    /** Asks to view a tenant, which is not done to tenants. */
    @GET
    @Allowed(action = "view", to = "{tenant}")
    public String get() {
      return "oops";
    }
  }

  @Test
  void start_undeclaredRoute_isRefused() {
    for (Object resource : List.of(new Undeclared(), new Odd())) {
      assertThatThrownBy(
              () -> new DoorRole(resource).start(settings(new DoorRole.Settings(), "audit-3")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(resource.getClass().getSimpleName());
    }
  }

  @Test
  void start_withoutProtection_isRefusedUnlessSaidAndOnLoopback() {
    assertRefused(new DoorRole.Settings(), "tls", "unprotected: on-loopback");
    DoorRole.Settings beyond = new DoorRole.Settings();
    beyond.setUnprotected(ServiceConfiguration.ON_LOOPBACK);
    beyond.listen().setHost("0.0.0.0");
    assertRefused(beyond, "loopback");
    DoorRole.Settings both = settings(new DoorRole.Settings(), "audit-4");
    both.setUnprotected(ServiceConfiguration.ON_LOOPBACK);
    assertRefused(both, "either");
    DoorRole.Settings noAudit = new DoorRole.Settings();
    noAudit.tls().setFolder(dir.resolve("control").toString());
    assertRefused(noAudit, "audit");
  }

  private static void assertRefused(DoorRole.Settings settings, String... words) {
    assertThatThrownBy(() -> new DoorRole().start(settings))
        .isInstanceOf(StartException.class)
        .message()
        .contains(words);
  }

  @Test
  void caller_unproven_hasNoName() {
    assertThat(Caller.unproven("why", "here").who()).isEqualTo("-");
    assertThat(new Caller(Optional.of(ADA), "token", "here", Instant.MAX).who())
        .isEqualTo("subject.ada");
  }
}
