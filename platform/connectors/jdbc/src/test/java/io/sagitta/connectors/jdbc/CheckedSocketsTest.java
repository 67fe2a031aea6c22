package io.sagitta.connectors.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.policy.PolicyResult;
import io.sagitta.policy.Resource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JDBC URL of a definition can and cannot lead to. */
class CheckedSocketsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static Reach reach(String rule) {
    PolicyResult read =
        PolicyReader.read(
            List.of(
                file("Subjects", "people: {ada: {name: Ada}}\ngroups: {crew: {members: [ada]}}"),
                file("Tenants", "tenants: {t: {purpose: Tests, owner: crew}}"),
                file("Connectors", "allow:\n  - " + rule)));
    Optional<Policy> policy = read.policy();
    assertThat(policy).as(read.problems().toString()).isPresent();
    return Reach.of(Path.of(""), new Resource.Pipeline("t", "p"), () -> policy);
  }

  private static PolicyFile file(String kind, String body) {
    String text = "apiVersion: sagitta/v1\nkind: " + kind + "\n" + body + "\n";
    return new PolicyFile(kind + ".yaml", text.getBytes(UTF_8));
  }

  @Test
  void nameThatResolvesInside_isNotConnected() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
        Socket socket = new CheckedSockets(CheckedSockets.OUTSIDE).createSocket()) {
      InetAddress rebound = InetAddress.getByAddress("db.example.org", LOOPBACK.getAddress());
      assertThatThrownBy(
              () -> socket.connect(new InetSocketAddress(rebound, server.getLocalPort()), 1_000))
          .hasMessageContaining("db.example.org is 127.0.0.1")
          .hasMessageContaining("loopback: true");
      server.setSoTimeout(100);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void otherWaysToMakeASocket_areCheckedToo() throws Exception {
    CheckedSockets outside = new CheckedSockets(CheckedSockets.OUTSIDE);
    assertThatThrownBy(() -> outside.createSocket("localhost", 1)).hasMessageContaining("loopback");
    assertThatThrownBy(() -> outside.createSocket(LOOPBACK, 1)).hasMessageContaining("loopback");
    assertThatThrownBy(() -> outside.createSocket("localhost", 1, LOOPBACK, 0))
        .hasMessageContaining("loopback");
    assertThatThrownBy(() -> outside.createSocket(LOOPBACK, 1, LOOPBACK, 0))
        .hasMessageContaining("loopback");
  }

  @Test
  void driver_connectsThroughThem() throws Exception {
    try (Postgres postgres = Postgres.start()) {
      String url = postgres.newDatabase();
      String at = url.substring("jdbc:postgresql://".length());
      String host = at.substring(0, at.indexOf('/'));
      String database = at.substring(at.indexOf('/') + 1);
      String rule =
          "{type: postgresql, for: [t], hosts: [\"%s\"], databases: [%s], loopback: true}"
              .formatted(host, database);
      try (Connection open =
          Database.of(url, reach(rule)).connect(Optional.of("postgres"), Optional.of("postgres"))) {
        assertThat(open.isValid(5)).isTrue();
      }
      // As if the rule had not said so: the name passed, where it leads does not.
      Database outside = PostgresDatabase.at(url, false);
      assertThatThrownBy(() -> outside.connect(Optional.of("postgres"), Optional.of("postgres")))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("this machine itself or link-local");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.internal/ops?socketFactory=javax.naming.InitialContext",
        "jdbc:postgresql://db.internal/ops?sslfactory=x&sslfactoryarg=y",
        "jdbc:postgresql://db.internal/ops?loggerFile=/tmp/x&loggerLevel=TRACE",
        "jdbc:postgresql://db.internal/ops?authenticationPluginClassName=x",
        "jdbc:postgresql://db.internal/ops?service=x",
        "jdbc:postgresql://db.internal/ops?jaasLogin=true",
        "jdbc:postgresql:ops",
        "jdbc:postgresql:///ops",
        "jdbc:postgresql://db.internal/ops#?socketFactory=x",
        "jdbc:postgresql://db.internal/ops?%73ocketFactory=x",
        "jdbc:mysql://db.internal/ops?autoDeserialize=true",
        "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM 'http://db.internal/x'",
        "jdbc:duckdb:",
        "jdbc:duckdb:/etc/passwd",
        "jdbc:duckdb:../x.duckdb",
        "jdbc:duckdb:x.duckdb;init=x",
        "jdbc:duckdb:md:motherduck",
        "jdbc:sqlite:/etc/passwd",
        "ldap://db.internal/ops",
        "rmi://db.internal/ops",
        "java:comp/env/ops"
      })
  void url_withMoreThanAHostAndADatabase_isRefused(String url) {
    String rule = "{type: postgresql, for: [t], hosts: [db.internal], databases: [ops]}";
    assertThatThrownBy(() -> Database.of(url, reach(rule))).isInstanceOf(ConnectorException.class);
  }
}
