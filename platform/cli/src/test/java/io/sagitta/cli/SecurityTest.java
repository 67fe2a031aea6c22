package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityTest {
  private static final Path ROOT = Path.of("../..");
  private static final String SHIPPED = ROOT.resolve("security").toString();

  private final Path dir;

  SecurityTest(@TempDir Path dir) {
    this.dir = dir;
    Definitions.write(
        dir,
        "security/who.yaml",
        """
        apiVersion: sagitta/v1
        kind: Subjects
        people: {ada: {name: Ada}}
        services: {dashboard: {purpose: shows}}
        groups: {team: {members: [ada]}}
        """);
    Definitions.write(
        dir,
        "security/tenants.yml",
        "apiVersion: sagitta/v1\nkind: Tenants\ntenants: {aviation: {purpose: x, owner: team}}\n");
    grant("{role: reader, of: aviation/flights/punctuality, to: [team, logistics-x]}");
  }

  private void grant(String grant) {
    Definitions.write(
        dir,
        "security/sub/grants.yaml",
        "apiVersion: sagitta/v1\nkind: Grants\ngrants:\n  - "
            + grant.replace("logistics-x", "aviation/delays")
            + "\n");
  }

  private String policy() {
    return dir.resolve("security").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"validate", "who-can", "check", "schema", "password"})
  void help_showsAnExampleJsonAndExitCodes(String command) {
    Outcome outcome = Outcome.of("security", command, "--help");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out())
        .containsPattern("Examples?:")
        .contains("  sagitta security " + command, "--json", "Exit codes:");
  }

  @Test
  void shippedPolicy_isValidAndGrantsWhatTheDemoAsks() {
    Outcome valid = Outcome.of("security", "validate", SHIPPED);
    assertThat(valid.err()).isEmpty();
    assertThat(valid.exitCode()).isEqualTo(ExitCodes.OK);

    Outcome granted =
        Outcome.of(
            "security", "check", ROOT.resolve("pipeline-defs").toString(), "--policy", SHIPPED);
    assertThat(granted.err()).isEmpty();
    assertThat(granted.out()).isEqualToNormalizingNewlines("granted: all that 1 file asks\n");
    assertThat(granted.exitCode()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void validate_problems_areShownAtOnceWithTheirPlaces() throws Exception {
    grant("{role: reder, of: aviaton, to: [adda]}");
    Outcome outcome = Outcome.of("security", "validate", policy());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err())
        .contains("grants.yaml:4:12: error: ", "Did you mean 'reader'?")
        .contains("grants.yaml:4:23: error: there is no tenant 'aviaton'. Did you mean 'aviation'?")
        .contains("grants.yaml:4:37: error: there is no person, service or group 'adda'.");
    assertThat(outcome.out()).isEqualToNormalizingNewlines("3 errors in 3 files\n");

    JsonNode report = Json.parse(Outcome.of("security", "validate", policy(), "--json").out());
    assertThat(report.path("valid").asBoolean()).isFalse();
    assertThat(report.path("files").asInt()).isEqualTo(3);
    assertThat(report.path("problems")).hasSize(3);
  }

  @Test
  void whoCan_showsEverySubjectWithItsRule() throws Exception {
    String[] command = {
      "security", "who-can", "read", "aviation/flights/punctuality", "--policy", policy()
    };
    Outcome outcome = Outcome.of(command);
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out().lines())
        .hasSize(3)
        .anyMatch(l -> l.matches("person ada .*grants.yaml:4 .*\\(through team\\)"))
        .anyMatch(l -> l.matches("pipeline aviation/delays .*grants.yaml:4 .*"));

    String[] json = Arrays.copyOf(command, command.length + 1);
    json[command.length] = "--json";
    JsonNode answer = Json.parse(Outcome.of(json).out());
    assertThat(answer.path("subjects")).hasSize(1);
    assertThat(answer.at("/subjects/0/kind").asText()).isEqualTo("person");
    assertThat(answer.at("/subjects/0/name").asText()).isEqualTo("ada");
    assertThat(answer.at("/subjects/0/rules/0/line").asInt()).isEqualTo(4);
    assertThat(answer.at("/subjects/0/rules/0/through/0").asText()).isEqualTo("team");
    assertThat(answer.at("/pipelines/0/name").asText()).isEqualTo("aviation/delays");
  }

  @Test
  void whoCan_nobody_saysSo() {
    Outcome outcome =
        Outcome.of("security", "who-can", "delete", "aviation/flights", "--policy", policy());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out()).contains("Nobody may delete aviation/flights");
  }

  @Test
  void whoCan_askedWrongly_isUsageWithWhatWasMeant() {
    assertUsage("There is no action 'raed'. Did you mean 'read'?", "raed", "aviation/flights/x");
    assertUsage("Write TENANT/PIPELINE/STREAM", "read", "aviation/flights");
    assertUsage("Write platform", "administer", "aviation");
    assertUsage("no tenant 'aviaton'. Did you mean 'aviation'?", "audit", "aviaton");
  }

  private void assertUsage(String message, String action, String object) {
    Outcome outcome = Outcome.of("security", "who-can", action, object, "--policy", policy());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains(message);
  }

  @Test
  void whoCan_brokenPolicy_answersNothing() {
    grant("{role: reader, of: aviation, to: [nobody]}");
    Outcome outcome = Outcome.of("security", "who-can", "audit", "aviation", "--policy", policy());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("'nobody'", "Nothing was answered: 1 error in 3 files.");
  }

  @Test
  void check_requestNotGranted_isShownWithTheRuleToAdd() throws Exception {
    Path file =
        Definitions.write(
            dir,
            "flights.yaml",
            Definitions.FLIGHTS.replace("retain: 1d", "retain: 1d, readers: [team, dashboard]"));
    String[] command = {"security", "check", file.toString(), "--policy", policy()};
    Outcome outcome = Outcome.of(command);
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err())
        .contains(
            "flights.yaml:28:83: error: ",
            "- {role: reader, of: aviation/flights/punctuality, to: [dashboard]}");
    assertThat(outcome.out()).contains("1 request not granted, in 1 file");

    grant("{role: reader, of: aviation/flights, to: [team, dashboard]}");
    assertThat(Outcome.of(command).exitCode()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void check_brokenDefinition_isRefused() {
    Path file = Definitions.write(dir, "a.yaml", "kind: Pipeline\n");
    Outcome outcome = Outcome.of("security", "check", file.toString(), "--policy", policy());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err()).contains("Nothing was checked");
  }

  @Test
  void policyNotThere_isUsage() {
    Outcome outcome = Outcome.of("security", "validate", dir.resolve("none").toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(outcome.err()).contains("There is no folder", "none");
  }

  @Test
  void schema_isPrintedOrWritten() throws Exception {
    Path file = dir.resolve("schema.json");
    Outcome outcome = Outcome.of("security", "schema");
    assertThat(Json.parse(outcome.out()).path("oneOf")).hasSize(5);
    assertThat(Outcome.of("security", "schema", "-o", file.toString()).out()).isEmpty();
    assertThat(Files.readString(file)).isEqualTo(outcome.out());
  }
}
