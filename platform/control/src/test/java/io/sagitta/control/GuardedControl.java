package io.sagitta.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.identity.Authorities;
import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.CredentialFolder;
import io.sagitta.identity.Identity;
import io.sagitta.identity.Logins;
import io.sagitta.identity.PasswordHash;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.service.RunningRole;
import io.sagitta.service.audit.AuditEvent;
import io.sagitta.service.audit.AuditFolder;
import io.sagitta.service.audit.AuditRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A control with guarded doors, where ada and grace, an admin, have passwords; and a ghost that the
 * policy does not know, and a robot that is no person.
 */
final class GuardedControl implements AutoCloseable {
  static final String PASSWORD = "correct horse battery staple";

  private static final Duration DAY = Duration.ofDays(1);
  private static final String SUBJECTS =
      """
      apiVersion: sagitta/v1
      kind: Subjects
      people:
        ada: {name: Ada Example}
        grace: {name: Grace Example}
        eve: {name: Eve Example}
      services:
        robot: {purpose: Does things}
      groups:
        officers: {members: [grace]}
      """;
  private static final String GRANTS =
      """
      apiVersion: sagitta/v1
      kind: Grants
      grants:
        - {role: admin, of: platform, to: [officers]}
      """;

  final Path logins;
  private final Path dir;
  private final CertificateAuthority authority;
  private final RunningRole role;
  private final HttpClient browser;

  /** Starts one; {@code more} are lines of its file, below {@code security}. */
  GuardedControl(Path dir, String more) throws Exception {
    this.dir = dir;
    logins = dir.resolve("logins");
    authority = CertificateAuthority.in(dir.resolve("ca"), "test", DAY, Clock.systemUTC());
    authority.issue(Identity.Machine.CONTROL, List.of("localhost"), DAY, dir.resolve("control"));
    Files.createDirectory(dir.resolve("security"));
    Files.writeString(dir.resolve("security").resolve("subjects.yaml"), SUBJECTS);
    Files.writeString(dir.resolve("security").resolve("grants.yaml"), GRANTS);
    PasswordHash hash = PasswordHash.of(PASSWORD.toCharArray());
    for (String name : List.of("ada", "grace", "robot", "ghost")) {
      Logins.put(logins, name, hash);
    }
    LocalPulsar pulsar = SharedPulsar.get();
    Path file = dir.resolve("control.yml");
    Files.writeString(
        file,
        """
        listen: {port: 0, adminPort: 0}
        tls: {folder: %1$s/control}
        audit: {folder: %1$s/audit}
        pulsar: {serviceUrl: "%2$s", adminUrl: "%3$s"}
        security:
          policy: %1$s/security
          keys: %1$s/keys.json
          logins: %1$s/logins
        """
                .formatted(dir, pulsar.brokerUrl(), pulsar.adminUrl())
            + more.indent(2));
    role = new ControlMain().start(file);
    browser =
        HttpClient.newBuilder()
            .sslContext(Authorities.trusted(dir.resolve("ca").resolve(CredentialFolder.TRUST)))
            .build();
  }

  String origin() {
    return "https://localhost:" + role.port();
  }

  /** Returns a request to {@code path} with {@code cookie}, unless that is empty. */
  HttpRequest.Builder at(String path, String cookie) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path));
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return browser.send(request.build(), BodyHandlers.ofString());
  }

  /** Asks with the certificate of {@code subject}. */
  HttpResponse<String> sendAs(String subject, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    Path folder = dir.resolve("clients").resolve(subject);
    authority.issue(new Identity.Subject(subject), List.of(), DAY, folder);
    return HttpClient.newBuilder()
        .sslContext(CredentialFolder.open(folder).context())
        .build()
        .send(request.build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder login(String name, String password) {
    return at("/api/v1/session", "")
        .header("Content-Type", "application/json")
        .POST(
            BodyPublishers.ofString(
                "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password)));
  }

  /** Puts the policy in force without {@code name}, or with everybody if that is nobody's. */
  void applyWithout(String name) throws IOException, InterruptedException {
    String subjects = SUBJECTS.replaceAll("  " + name + ": .*\n", "");
    ObjectNode order = new ObjectMapper().createObjectNode();
    order.putObject("files").put("subjects.yaml", subjects).put("grants.yaml", GRANTS);
    HttpResponse<String> reply =
        sendAs(
            "grace",
            at("/api/v1/security/policy", "")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(order.toString())));
    if (reply.statusCode() != 200) {
      throw new AssertionError(reply + " " + reply.body());
    }
  }

  /** Logs {@code name} in and returns the cookie as a browser sends it. */
  String session(String name) throws IOException, InterruptedException {
    HttpResponse<String> reply = send(login(name, PASSWORD));
    if (reply.statusCode() != 200) {
      throw new AssertionError(reply + " " + reply.body());
    }
    return cookie(reply);
  }

  static String cookie(HttpResponse<?> reply) {
    return reply.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  int adminPort() {
    return role.adminPort();
  }

  List<AuditEvent> audited() throws IOException {
    List<AuditEvent> events = new ArrayList<>();
    new AuditFolder(dir.resolve("audit"))
        .read(line -> events.add(AuditRecord.parse(line).orElseThrow().event()));
    return events;
  }

  String auditLog() throws IOException {
    StringBuilder text = new StringBuilder();
    new AuditFolder(dir.resolve("audit")).read(line -> text.append(line).append('\n'));
    return text.toString();
  }

  @Override
  public void close() {
    role.close();
  }
}
