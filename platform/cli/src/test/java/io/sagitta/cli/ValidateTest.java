package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateTest {
  private final Path dir;

  ValidateTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void validFile_isOk() {
    Path file = Definitions.write(dir, "flights.yaml", Definitions.FLIGHTS);
    Outcome outcome = Outcome.of("validate", file.toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).isEqualToNormalizingNewlines("valid: 1 file\n");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void allProblemsOfAllFiles_areShownAtOnceWithTheirPlaces() {
    Path misspelt =
        Definitions.write(
            dir, "a.yaml", Definitions.FLIGHTS.replace("units: {delay: s}", "unts: {delay: s}"));
    Path wrongColumn =
        Definitions.write(
            dir,
            "sub/b.yaml",
            Definitions.FLIGHTS
                .replace("name: flights", "name: other")
                .replace("count(*) AS flights", "max(dely) AS worst"));
    Outcome outcome = Outcome.of("validate", dir.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err())
        .containsPattern(quoted(misspelt) + ":18:\\d+: error: .*unts.*units")
        .containsPattern(quoted(wrongColumn) + ":25:\\d+: error: .*dely");
    assertThat(outcome.out()).contains("in 2 files");
  }

  @Test
  void twoFilesOfOnePipeline_areRefused() {
    Definitions.write(dir, "a.yaml", Definitions.FLIGHTS);
    Definitions.write(dir, "b.yaml", Definitions.FLIGHTS);
    Outcome outcome = Outcome.of("validate", dir.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err()).contains("b.yaml:3:18", "a.yaml defines aviation/flights too");
  }

  @Test
  void json_isForMachines() throws Exception {
    Definitions.write(dir, "a.yaml", Definitions.FLIGHTS.replace("kind: Pipeline", "kind: Pipe"));
    Outcome outcome = Outcome.of("validate", dir.toString(), "--json");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    JsonNode report = Json.parse(outcome.out());
    assertThat(report.path("valid").asBoolean()).isFalse();
    assertThat(report.path("files").asInt()).isEqualTo(1);
    JsonNode problem = report.path("problems").path(0);
    assertThat(problem.path("file").asText()).endsWith("a.yaml");
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("severity").asText()).isEqualTo("error");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void environment_isReadBesideTheFileAndNotAsADefinition() {
    Definitions.write(dir, "flights.yaml", Definitions.FLIGHTS);
    Definitions.write(
        dir, "env/prod.yaml", "apiVersion: sagitta/v1\nkind: Environment\nparalellism: 4\n");
    assertThat(Outcome.of("validate", dir.toString()).exitCode()).isEqualTo(ExitCodes.OK);
    Outcome outcome = Outcome.of("validate", dir.toString(), "--env", "prod");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err()).contains("prod.yaml:3:1", "parallelism");
  }

  @Test
  void environmentNotThere_isUsage() {
    Definitions.write(dir, "flights.yaml", Definitions.FLIGHTS);
    Outcome outcome = Outcome.of("validate", dir.toString(), "--env", "prod");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("prod.yaml, which --env prod needs beside");
  }

  @Test
  void fileNotThere_isUsage() {
    Outcome outcome = Outcome.of("validate", dir.resolve("none.yaml").toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("There is no file or folder", "none.yaml");
  }

  private static String quoted(Path path) {
    return java.util.regex.Pattern.quote(path.toString());
  }
}
