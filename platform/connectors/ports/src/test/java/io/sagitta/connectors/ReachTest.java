package io.sagitta.connectors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.policy.Access;
import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.policy.PolicyResult;
import io.sagitta.policy.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
  private static final Resource.Pipeline PIPELINE = new Resource.Pipeline("aviation", "flights");
  private static final String WHO =
      """
      apiVersion: sagitta/v1
      kind: Subjects
      people: {ada: {name: Ada}}
      services: {}
      groups: {crew: {members: [ada]}}
      """;
  private static final String TENANTS =
      """
      apiVersion: sagitta/v1
      kind: Tenants
      tenants: {aviation: {purpose: Tests, owner: crew}, weather: {purpose: Tests, owner: crew}}
      """;

  @TempDir private Path disk = Path.of("");
  private Path data = Path.of("");
  private final AtomicReference<Optional<Policy>> policy = new AtomicReference<>(Optional.empty());

  @BeforeEach
  void folders() throws IOException {
    disk = disk.toRealPath();
    data = Files.createDirectories(disk.resolve("node"));
    Files.createDirectories(data.resolve("lake/flights"));
    Files.writeString(Files.createDirectories(disk.resolve("host")).resolve("secret"), "s");
  }

  private Reach reach() {
    return Reach.of(data, PIPELINE, policy::get);
  }

  private void allow(String... rules) {
    String connectors =
        "apiVersion: sagitta/v1\nkind: Connectors\nallow:\n  - " + String.join("\n  - ", rules);
    String grants =
        """
        apiVersion: sagitta/v1
        kind: Grants
        grants:
          - {role: reader, of: weather/wind/gusts, to: [aviation/flights]}
        """;
    PolicyResult read =
        PolicyReader.read(
            List.of(
                new PolicyFile("who.yaml", WHO.getBytes(UTF_8)),
                new PolicyFile("tenants.yaml", TENANTS.getBytes(UTF_8)),
                new PolicyFile("grants.yaml", grants.getBytes(UTF_8)),
                new PolicyFile("connectors.yaml", connectors.getBytes(UTF_8))));
    assertThat(read.policy()).as(read.problems().toString()).isPresent();
    policy.set(read.policy());
  }

  @Test
  void files_noPolicy_areBelowTheOwnFolder() throws Exception {
    assertThat(reach().files("lake/flights", Access.WRITE)).isEqualTo(data.resolve("lake/flights"));
    assertThat(reach().files("new/there", Access.WRITE)).isEqualTo(data.resolve("new/there"));
    assertThat(reach().duckDb("marts.duckdb")).isEqualTo(data.resolve("marts.duckdb"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../host/secret",
        "lake/../../host/secret",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "lake\\..\\..\\host"
      })
  void files_noPolicy_nothingElse(String path) {
    assertThatThrownBy(() -> reach().files(path, Access.READ))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("no policy is in force");
    assertThatThrownBy(() -> reach().duckDb(path)).isInstanceOf(ConnectorException.class);
  }

  @Test
  void database_noPolicy_isOutOfReach() {
    assertThatThrownBy(() -> reach().database("jdbc:postgresql://db.internal/ops"))
        .hasMessageContaining("{type: postgresql, for: [aviation/flights], hosts: [db.internal]");
  }

  @Test
  void files_policy_onlyWhatItNames() throws Exception {
    allow("{type: folder, for: [aviation], path: lake/flights, access: [write]}");
    assertThat(reach().files("lake/flights/x", Access.WRITE))
        .isEqualTo(data.resolve("lake/flights/x"));
    assertThatThrownBy(() -> reach().files("lake/flights", Access.READ))
        .hasMessageContaining("the policy does not let aviation/flights read lake/flights")
        .hasMessageContaining("- {type: folder, for: [aviation/flights], path: lake/flights");
    assertThatThrownBy(() -> reach().files("lake", Access.WRITE))
        .isInstanceOf(ConnectorException.class);
    assertThatThrownBy(() -> reach().files("lake/flights/../../spill", Access.WRITE))
        .isInstanceOf(ConnectorException.class);
  }

  @Test
  void link_outOfTheFolder_isRefusedAndTellsWhereItLeads() throws Exception {
    Files.createSymbolicLink(data.resolve("lake/out"), disk.resolve("host"));
    assertThatThrownBy(() -> reach().files("lake/out/secret", Access.READ))
        .hasMessageContaining("leads to " + disk.resolve("host/secret"));
    assertThatThrownBy(() -> reach().files("lake/out/new", Access.WRITE))
        .hasMessageContaining("leads to " + disk.resolve("host/new"));
    assertThatThrownBy(() -> reach().files("lake/out/*.csv", "lake/out", Access.READ))
        .hasMessageContaining("leads to " + disk.resolve("host"));
    allow("{type: folder, for: [aviation], path: lake, access: [read]}");
    assertThatThrownBy(() -> reach().files("lake/out/secret", Access.READ))
        .hasMessageContaining("leads to");
    assertThatThrownBy(() -> reach().found(data.resolve("lake/out/secret"), Access.READ))
        .hasMessageContaining("leads to");
    allow(
        "{type: folder, for: [aviation], path: lake, access: [read]}",
        "{type: folder, for: [aviation], path: %s, access: [read]}"
            .formatted(disk.resolve("host")));
    assertThat(reach().files("lake/out/secret", Access.READ))
        .isEqualTo(disk.resolve("host/secret"));
  }

  @Test
  void link_thatDangles_isRefused() throws Exception {
    Files.createSymbolicLink(data.resolve("lake/out"), disk.resolve("host/not-yet"));
    assertThatThrownBy(() -> reach().files("lake/out", Access.WRITE))
        .hasMessageContaining("leads nowhere");
  }

  @Test
  void linkWithinTheFolder_andAbsoluteNameOfIt_areFine() throws Exception {
    Files.createSymbolicLink(data.resolve("now"), data.resolve("lake/flights"));
    assertThat(reach().files("now", Access.READ)).isEqualTo(data.resolve("lake/flights"));
    allow("{type: folder, for: [aviation], path: %s, access: [read]}".formatted(data));
    assertThat(reach().files(data + "/lake/flights", Access.READ))
        .isEqualTo(data.resolve("lake/flights"));
  }

  @Test
  void database_policy_hostsDatabasesAndProperties() throws Exception {
    allow(
        "{type: postgresql, for: [aviation], hosts: [db.internal], databases: [ops], properties:"
            + " [sslmode]}");
    assertThat(reach().database("jdbc:postgresql://db.internal/ops?sslmode=require")).isFalse();
    for (String url :
        List.of(
            "jdbc:postgresql://other/ops",
            "jdbc:postgresql://db.internal,other/ops",
            "jdbc:postgresql://db.internal/other",
            "jdbc:postgresql://db.internal/ops?currentSchema=x",
            "jdbc:postgresql://db.internal/ops?socketFactory=x",
            "jdbc:postgresql://u:p@db.internal/ops",
            "jdbc:postgresql://db.internal/ops?ssl%6Dode=disable",
            "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://x/'",
            "ldap://db.internal/ops")) {
      assertThatThrownBy(() -> reach().database(url))
          .as(url)
          .isInstanceOf(ConnectorException.class);
    }
  }

  @Test
  void database_insideAddresses_onlyIfTheRuleSaysSo() throws Exception {
    allow(
        "{type: postgresql, for: [aviation], hosts: [127.0.0.1], databases: [ops], loopback: true}");
    assertThat(reach().database("jdbc:postgresql://127.0.0.1/ops")).isTrue();
  }

  @Test
  void streamsAndTopics_askThePolicyOfTheMoment() throws Exception {
    Reach reach = reach();
    reach.topic("persistent://public/default/orders", Access.READ);
    allow(
        "{type: topic, for: [aviation], topic: persistent://public/default/orders, access: [read]}");
    reach.topic("persistent://public/default/orders", Access.READ);
    reach.stream("weather/wind/gusts");
    assertThatThrownBy(() -> reach.topic("persistent://public/default/orders", Access.WRITE))
        .isInstanceOf(ConnectorException.class);
    assertThatThrownBy(() -> reach.topic("persistent://weather/wind/out.gusts", Access.READ))
        .isInstanceOf(ConnectorException.class);
    assertThatThrownBy(() -> reach.stream("weather/wind/other"))
        .hasMessageContaining("- {role: reader, of: weather/wind/other, to: [aviation/flights]}");
  }

  @Test
  void free_reachesEverything() throws Exception {
    Reach free = Reach.free(data);
    assertThat(free.files("../host/secret", Access.READ)).isEqualTo(disk.resolve("host/secret"));
    assertThat(free.database("jdbc:postgresql://localhost/ops")).isTrue();
  }
}
