package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a definition asks and the policy does not grant. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrantsIT {
  private final TestControl control;

  GrantsIT() throws Exception {
    Path folder = Files.createTempDirectory("security");
    file(folder, "Subjects", "people: {ada: {name: Ada}}\ngroups: {crew: {members: [ada]}}");
    file(folder, "Tenants", "tenants: {aviation: {purpose: Tests, owner: crew}}");
    file(
        folder,
        "Connectors",
        """
        allow:
          - {type: duckdb, for: [aviation/granted], path: granted.duckdb}
          - {type: duckdb, for: [aviation/linked], path: marts}
        """);
    control = TestControl.start("policy: \"" + folder + "\"");
  }

  private static void file(Path folder, String kind, String body) throws Exception {
    Files.writeString(
        folder.resolve(kind + ".yaml"),
        "apiVersion: sagitta/v1\nkind: " + kind + "\n" + body + "\n");
  }

  @AfterAll
  void stop() throws Exception {
    control.close();
  }

  @Test
  void applyAndPlan_refuseWhatIsNotGranted_withTheRuleToAdd() throws Exception {
    String denied = Definitions.withDatabaseTable("denied", "jdbc:duckdb:granted.duckdb");
    String rule =
        "the policy does not let aviation/denied open the DuckDB file granted.duckdb. Add to a file"
            + " of kind Connectors: - {type: duckdb, for: [aviation/denied]";
    Reply planned = control.plan(denied);
    assertThat(planned.status()).as(planned.body()).isEqualTo(200);
    assertThat(planned.json().path("refusals").toString()).contains(rule);
    Reply applied = control.apply(denied);
    assertThat(applied.status()).as(applied.body()).isEqualTo(422);
    assertThat(applied.body()).contains(rule);
    assertThat(control.get("/api/v1/pipelines/aviation/denied").status()).isEqualTo(404);
  }

  @Test
  void apply_takesWhatIsGranted() throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:duckdb:" + control.data.resolve("granted.duckdb"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE airport AS SELECT 'LAX' AS iata, 'Los Angeles' AS city");
    }
    Reply applied =
        control.apply(Definitions.withDatabaseTable("granted", "jdbc:duckdb:granted.duckdb"));
    assertThat(applied.status()).as(applied.body()).isEqualTo(200);
  }

  @Test
  void link_thatLeadsToAnotherDatabase_isRefusedWhenItIsOpened() throws Exception {
    Path host = Files.createTempDirectory("host");
    Files.createSymbolicLink(control.data.resolve("marts"), host);
    Reply applied =
        control.apply(Definitions.withDatabaseTable("linked", "jdbc:duckdb:marts/crm.duckdb"));
    assertThat(applied.status()).as(applied.body()).isEqualTo(422);
    assertThat(applied.body()).contains("leads to " + host.toRealPath().resolve("crm.duckdb"));
  }
}
