package io.sagitta.acceptance.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.HousePorts;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.RoleProcess;
import io.sagitta.identity.Authorities;
import io.sagitta.service.audit.AuditFolder;
import io.sagitta.service.audit.AuditRecord;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The platform that is attacked: processes of their own, locked, with a pipeline at work. */
final class AttackedHouse implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String PIPELINE = "ours/orders";
  static final String SECRET = "Zq9-the-word-of-the-board-7xK";
  static final String MARK = "card-4929-mark-of-a-row-that-nobody-may-see";
  static final String PASSWORD = "correct horse battery staple";
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String DEFINITION =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: %s, tenant: ours}
      spec:
        mode: streaming
        sources:
          orders:
            type: http
            schema:
              n: {type: int64, required: true}
              card: {type: string, required: true, sensitive: true}
        stages:
          positive: {type: sql, inputs: [orders], query: "SELECT * FROM orders WHERE n > 0"}
          last: {type: dedupe, inputs: [positive], key: [n], within: 1h}
        sinks:
          rows:
            type: jdbc
            inputs: [last]
            url: "%s"
            user: "${secret:board/user}"
            password: "${secret:board/password}"
            table: %s
        streams:
          all: {inputs: [last]}
      """;

  static final String TENANTS =
      """
      apiVersion: sagitta/v1
      kind: Tenants
      tenants: {ours: {purpose: What is attacked, owner: owners%s}}
      """;

  static final String GRANTS =
      """
      apiVersion: sagitta/v1
      kind: Grants
      grants:
        - {role: admin, of: platform, to: [officer]}
        - {role: deployer, of: ours, to: [builder]}
        - {role: viewer, of: ours, to: [eye, ada]}
        - {role: operator, of: ours, to: [hand]}
        - {role: writer, of: ours/orders/orders, to: [feed]}
        - {role: writer, of: ours/others/orders, to: [feed]}
        - {role: reader, of: ours/orders/all, to: [board]}
      """;

  private static final List<String> POLICY_FILES =
      List.of("subjects.yaml", "tenants.yaml", "grants.yaml", "connectors.yaml");

  private final Path data;
  private final EmbeddedPostgres postgres;
  private final LocalHouse house;
  private long requests;
  private int expected;

  /** Starts it in {@code data}, which is emptied before. */
  AttackedHouse(Path data) throws Exception {
    this.data = data;
    if (Files.exists(data)) {
      try (Stream<Path> old = Files.walk(data)) {
        for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    postgres = EmbeddedPostgres.builder().start();
    house =
        LocalHouse.locked(
            data.resolve("house"),
            HousePorts.free(),
            policy(data.resolve("security"), postgres.getPort()),
            Map.of(
                "SAGITTA_SECRET_BOARD_USER", "postgres", "SAGITTA_SECRET_BOARD_PASSWORD", SECRET));
    house.startPulsar();
    house.startControl();
    house.startGateway();
    house.startNode();
    house.awaitReady();
    String url = database();
    for (String name : List.of("orders", "others")) {
      house.ops("builder").apply(DEFINITION.formatted(name, url, name));
    }
    work();
  }

  private static Path policy(Path folder, int postgresPort) throws IOException {
    Files.createDirectories(folder);
    StringBuilder services = new StringBuilder();
    for (String name : List.of("officer", "builder", "eye", "hand", "feed", "board", "stranger")) {
      services.append("  %s: {purpose: Test}\n".formatted(name));
    }
    Files.writeString(
        folder.resolve("subjects.yaml"),
        "apiVersion: sagitta/v1\nkind: Subjects\nservices:\n"
            + services
            + "people:\n  ada: {name: Ada Example}\n  grace: {name: Grace Example}\n"
            + "groups:\n  owners: {members: [officer]}\n");
    Files.writeString(folder.resolve("tenants.yaml"), TENANTS.formatted(""));
    Files.writeString(folder.resolve("grants.yaml"), GRANTS);
    Files.writeString(
        folder.resolve("connectors.yaml"),
        """
        apiVersion: sagitta/v1
        kind: Connectors
        allow:
          - {type: postgresql, for: [ours], hosts: ["127.0.0.1:%d"], databases: [postgres], loopback: true}
        """
            .formatted(postgresPort));
    return folder;
  }

  @Override
  public void close() throws IOException {
    house.close();
    postgres.close();
  }

  LocalHouse house() {
    return house;
  }

  /** Returns the folder of everything that this platform and its policy keep. */
  Path data() {
    return data;
  }

  /** Returns the URL of the database that the pipelines write to. */
  String database() {
    return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  /** Fails unless nothing has ended, and who may send and read does. */
  void goesOn() throws Exception {
    List<RoleProcess> processes = new ArrayList<>(house.nodes().values());
    processes.add(house.gateway());
    processes.add(house.control());
    assertThat(processes).allMatch(RoleProcess::isAlive);
    assertThat(house.pulsar().isAlive()).isTrue();
    work();
  }

  /** Says that {@code rows} new ones were sent past {@link #work}. */
  void expectMore(int rows) {
    expected += rows;
  }

  /** Sends a row, and reads until it is there. */
  void work() throws Exception {
    requests++;
    expected++;
    house.gateway("feed").post(PIPELINE + "/orders", "feed", requests, row(requests));
    List<JsonNode> rows = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (rows.size() < expected) {
      assertThat(System.nanoTime()).as("row %d is read", expected).isLessThan(deadline);
      rows.clear();
      house.gateway("board").readAll(PIPELINE + "/all", rows::add);
    }
    assertThat(rows).hasSize(expected);
    assertThat(rows.get(0).path("card").asText()).isEqualTo(MARK);
  }

  static String row(long n) {
    return "{\"n\":%d,\"card\":\"%s\"}\n".formatted(n, MARK);
  }

  static HttpResponse<String> send(
      HouseAccess as, int port, String method, String path, String body)
      throws IOException, InterruptedException {
    return as.client()
        .send(
            HttpRequest.newBuilder(as.at(port).resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  void sql(String statement) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement session = connection.createStatement()) {
      session.execute(statement);
    }
  }

  HttpResponse<String> post(String rows) throws IOException, InterruptedException {
    HouseAccess feed = house.access("feed");
    return feed.client()
        .send(
            HttpRequest.newBuilder(
                    feed.at(house.ports().gateway()).resolve("/v1/sources/" + PIPELINE + "/orders"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(rows))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** Returns what the audit log of {@code role} has. */
  List<AuditRecord> audited(String role) throws IOException {
    List<AuditRecord> records = new ArrayList<>();
    auditLog(role).read(line -> records.add(AuditRecord.parse(line).orElseThrow()));
    return records;
  }

  /** Fails unless {@code role} has written down that {@code who} was denied something. */
  void assertDenied(String role, String who) throws IOException {
    assertThat(audited(role))
        .as("%s writes down that %s was denied", role, who)
        .anyMatch(r -> r.event().who().equals(who) && r.event().outcome().equals("denied"));
  }

  /** A door of the platform, and what one who may does there. */
  record Door(String what, int port, String path) {}

  List<Door> doors() {
    return List.of(
        new Door(
            "gateway", house.ports().gateway(), "/v1/streams/" + PIPELINE + "/all/rows?limit=1"),
        new Door("control", house.ports().control(), "/api/v1/pipelines"));
  }

  AuditFolder auditLog(String role) {
    return new AuditFolder(house.data().resolve("audit").resolve(role));
  }

  /** Puts the policy in force with {@code text} in place of what is in {@code changed}. */
  void apply(String changed, String text) throws Exception {
    apply(Map.of(changed, text));
  }

  /** Puts the policy in force with other texts for some of its files. */
  void apply(Map<String, String> changed) throws Exception {
    var files = JSON.createObjectNode();
    for (String name : POLICY_FILES) {
      files.put("security/" + name, changed.getOrDefault(name, Files.readString(policyFile(name))));
    }
    HttpResponse<String> reply =
        send(
            house.access("officer"),
            house.ports().control(),
            "POST",
            "/api/v1/security/policy",
            JSON.createObjectNode().set("files", files).toString());
    assertThat(reply.statusCode()).as(reply.body()).isLessThan(300);
  }

  Path policyFile(String name) {
    return data.resolve("security").resolve(name);
  }

  /** Returns how somebody speaks to it who trusts it and proves nothing. */
  HouseAccess nobody() {
    return new HouseAccess(
        "https", Optional.of(Authorities.trusted(house.credentials("eye").resolve("ca.pem"))));
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  static void await(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("waiting: " + what).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
