package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that run pipelines in this process. */
class LocalRunsTest {
  private static final String TESTS =
      """
      tests:
        - name: minutes become seconds
          given: {departures: [{date: "2001-01-01T00:01:00Z", delay: 33, origin: LAS}]}
          expect: {clean: [{delay: 1980}]}
      """;
  private static final String BATCH =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: report, tenant: aviation}
      spec:
        mode: batch
        sources:
          flights:
            type: file
            path: flights.csv
            format: csv
            schema:
              origin: {type: string, required: true}
              distance: {type: int32, unit: mi}
        tables:
          airports:
            type: file
            path: airports.csv
            key: iata
            schema: {iata: {type: string}, city: {type: string}}
        stages:
          clean: {type: clean, inputs: [flights], expect: {distance is positive: distance > 0}}
          named:
            type: sql
            inputs: [clean]
            query: SELECT f.*, a.city FROM clean f LEFT JOIN airports a ON a.iata = f.origin
        sinks:
          lake: {type: parquet, inputs: [named], path: lake}
      """;
  private final Path dir;

  LocalRunsTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void testThatHolds_passes() {
    Path file = Definitions.write(dir, "a.yaml", Definitions.FLIGHTS + TESTS);
    Outcome outcome = Outcome.of("test", file.toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .isEqualToNormalizingNewlines(
            """
            ok    aviation/flights: minutes become seconds
            1 passed, 0 failed
            """);
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void testThatFails_namesPlaceColumnExpectedAndActual() throws Exception {
    Path file =
        Definitions.write(dir, "a.yaml", Definitions.FLIGHTS + TESTS.replace("1980", "1981"));
    Outcome outcome = Outcome.of("test", dir.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.out())
        .contains("FAILED aviation/flights: minutes become seconds", "0 passed, 1 failed")
        .containsPattern(
            java.util.regex.Pattern.quote(file.toString())
                + ":32:\\d+: row 1, column 'delay': expected 1981.*got 1980");
    JsonNode json = Json.parse(Outcome.of("test", dir.toString(), "--json").out());
    assertThat(json.path("failed").asInt()).isEqualTo(1);
    JsonNode difference = json.path("tests").path(0).path("differences").path(0);
    assertThat(difference.path("field").asText()).isEqualTo("delay");
  }

  @Test
  void invalidFile_isNotTested() {
    Definitions.write(dir, "a.yaml", Definitions.FLIGHTS.replace("units:", "unts:") + TESTS);
    Outcome outcome = Outcome.of("test", dir.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err()).contains("Nothing was tested: 1 error in 1 file.");
  }

  @Test
  void batchOverFiles_writesItsSinksAndCountsEveryRow() throws Exception {
    Path file = Definitions.write(dir, "report.yaml", BATCH);
    Definitions.write(dir, "flights.csv", "origin,distance\nLAX,100\nJFK,200\nSFO,-1\n");
    Definitions.write(dir, "airports.csv", "iata,city\nLAX,Los Angeles\n");
    Outcome outcome = Outcome.of("run", file.toString(), "--json");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    JsonNode result = Json.parse(outcome.out());
    assertThat(result.path("written").path("lake").asLong()).isEqualTo(2);
    assertThat(result.path("quarantined").asLong()).isEqualTo(1);
    assertThat(result.path("ledger").path("clean").path("quarantined").asLong()).isEqualTo(1);
    assertThat(Path.of(result.path("quarantine").asText())).exists();
    try (Stream<Path> lake = Files.walk(dir.resolve("lake"))) {
      assertThat(lake.map(Path::toString)).anyMatch(f -> f.endsWith(".parquet"));
    }
  }

  @Test
  void policy_doesNotGrant_nothingIsOpened() throws Exception {
    Path file = Definitions.write(dir, "report.yaml", BATCH);
    Definitions.write(dir, "flights.csv", "origin,distance\nLAX,100\n");
    Definitions.write(dir, "airports.csv", "iata,city\nLAX,Los Angeles\n");
    Definitions.write(
        dir,
        "security/policy.yaml",
        """
        apiVersion: sagitta/v1
        kind: Subjects
        people: {ada: {name: Ada}}
        """);
    Definitions.write(
        dir,
        "security/tenants.yaml",
        "apiVersion: sagitta/v1\nkind: Tenants\ntenants: {aviation: {purpose: x, owner: ada}}\n");
    Definitions.write(
        dir,
        "security/connectors.yaml",
        """
        apiVersion: sagitta/v1
        kind: Connectors
        allow:
          - {type: folder, for: [aviation], path: flights.csv, access: [read]}
        """);
    String[] command = {"run", file.toString(), "--policy", dir.resolve("security").toString()};
    Outcome refused = Outcome.of(command);
    assertThat(refused.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(refused.err())
        .contains("write lake", "access: [write]}")
        .contains("Nothing was run: 1 request not granted by the policy.");
    assertThat(dir.resolve("lake")).doesNotExist();
    assertThat(dir.resolve("quarantine")).doesNotExist();

    Definitions.write(
        dir,
        "security/connectors.yaml",
        """
        apiVersion: sagitta/v1
        kind: Connectors
        allow:
          - {type: folder, for: [aviation], path: flights.csv, access: [read]}
          - {type: folder, for: [aviation], path: lake, access: [write]}
        """);
    Outcome run = Outcome.of(command);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(dir.resolve("lake")).exists();
  }

  @Test
  void streamOfABatch_isNamedAsNotPublished() throws Exception {
    Path file =
        Definitions.write(
            dir, "report.yaml", BATCH + "  streams:\n    results: {inputs: [named]}\n");
    Definitions.write(dir, "flights.csv", "origin,distance\nLAX,100\n");
    Definitions.write(dir, "airports.csv", "iata,city\nLAX,Los Angeles\n");
    Outcome words = Outcome.of("run", file.toString(), "--run", "one");
    assertThat(words.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(words.err().lines())
        .singleElement()
        .asString()
        .contains("report.yaml:29:5: warning: 'sagitta run' publishes no streams", "'results'");
    Outcome json = Outcome.of("run", file.toString(), "--run", "two", "--json");
    assertThat(json.err()).isEmpty();
    JsonNode warnings = Json.parse(json.out()).path("warnings");
    assertThat(warnings).hasSize(1);
    assertThat(warnings.path(0).path("message").asText()).contains("'results'");
  }

  @Test
  void secondRun_replacesWhatTheFirstWrote() throws Exception {
    Path file = Definitions.write(dir, "report.yaml", BATCH);
    Definitions.write(dir, "airports.csv", "iata,city\nLAX,Los Angeles\n");
    Definitions.write(dir, "flights.csv", "origin,distance\nLAX,100\nJFK,200\n");
    assertThat(Outcome.of("run", file.toString()).exitCode()).isEqualTo(ExitCodes.OK);
    Definitions.write(dir, "flights.csv", "origin,distance\nLAX,100\n");
    Outcome second = Outcome.of("run", file.toString(), "--json");
    assertThat(second.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(Json.parse(second.out()).path("written").path("lake").asLong()).isEqualTo(1);
    assertThat(lakeRows()).isEqualTo(1);
  }

  private long lakeRows() throws Exception {
    try (var connection = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM read_parquet('" + dir.resolve("lake") + "/**/*.parquet')")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void streamingFile_isNotRun() {
    Path file = Definitions.write(dir, "a.yaml", Definitions.FLIGHTS);
    Outcome outcome = Outcome.of("run", file.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err()).contains("This is a streaming pipeline");
  }

  @Test
  void inputNotThere_isOneLine() {
    Path file = Definitions.write(dir, "report.yaml", BATCH);
    Definitions.write(dir, "airports.csv", "iata,city\nLAX,Los Angeles\n");
    Outcome outcome = Outcome.of("run", file.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.FAILED);
    assertThat(outcome.err()).contains("flights.csv").doesNotContain("\tat ");
    assertThat(dir.resolve("lake")).doesNotExist();
  }
}
