package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TableTopic;
import io.sagitta.transport.Topics;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TableRefreshIT {
  private final TestControl control;
  private final StateTopic<Deployment> deployments;

  TableRefreshIT() throws Exception {
    control = TestControl.start();
    deployments = StateTopic.open(control.pulsar, Topics.DEPLOYMENTS, Deployment.class);
  }

  @AfterAll
  void stop() {
    deployments.close();
    control.close();
  }

  @Test
  void changedTable_isAnnouncedWithinTheRevision() throws Exception {
    PipelineId id = new PipelineId("aviation", "refreshed");
    String url = database("refreshed");
    String first = apply("refreshed").tables().getOrDefault("airports", "");
    change(url, "INSERT INTO airport VALUES ('SFO', 'San Francisco')");
    Deployment changed = awaitOther(id, first);
    assertThat(changed.revision()).isEqualTo(1);
    String hash = changed.tables().getOrDefault("airports", "");
    assertThat(TableTopic.load(control.pulsar, id, "airports", hash)).isNotEmpty();
    assertThat(TableTopic.load(control.pulsar, id, "airports", first)).isNotEmpty();
    awaitEvent("refreshed", "table 'airports' was taken anew: it has changed");
  }

  @Test
  void databaseThatFails_leavesTheOldOneAndSaysSo() throws Exception {
    PipelineId id = new PipelineId("aviation", "stale");
    String url = database("stale");
    String first = apply("stale").tables().getOrDefault("airports", "");
    change(url, "ALTER TABLE airport RENAME TO gone");
    awaitEvent("stale", "table 'airports' cannot be taken anew, so tasks go on");
    assertThat(deployment(id).orElseThrow().tables()).containsEntry("airports", first);
    change(url, "ALTER TABLE gone RENAME TO airport");
    awaitEvent("stale", "table 'airports' was taken anew: it is the same as before");
    change(url, "DELETE FROM airport");
    assertThat(awaitOther(id, first).revision()).isEqualTo(1);
  }

  private String database(String name) throws SQLException {
    String url = "jdbc:duckdb:" + control.data.resolve(name + ".duckdb");
    change(url, "CREATE TABLE airport (iata VARCHAR, city VARCHAR)");
    change(url, "INSERT INTO airport VALUES ('LAX', 'Los Angeles')");
    return url;
  }

  private Deployment apply(String name) throws Exception {
    Reply reply =
        control.apply(
            Definitions.withDatabaseTable(name, "jdbc:duckdb:" + name + ".duckdb")
                .replace("      key: iata\n", "      key: iata\n      refresh: 1s\n"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return Await.answer("the deployment", () -> deployment(new PipelineId("aviation", name)));
  }

  private Optional<Deployment> deployment(PipelineId id) {
    return deployments.get(id.toString());
  }

  private Deployment awaitOther(PipelineId id, String hash) throws Exception {
    return Await.answer(
        "another table than " + hash,
        () -> deployment(id).filter(d -> !hash.equals(d.tables().get("airports"))));
  }

  private void awaitEvent(String name, String text) throws Exception {
    Await.answer(
        text,
        () ->
            Optional.of(control.get("/api/v1/pipelines/aviation/" + name + "/events").body())
                .filter(events -> events.contains(text)));
  }

  private static void change(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
