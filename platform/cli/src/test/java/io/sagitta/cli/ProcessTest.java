package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own. */
class ProcessTest {
  private final Path dir;

  ProcessTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void validate_printsProblemsAndNothingElse() throws Exception {
    Path file =
        Definitions.write(
            dir, "a.yaml", Definitions.FLIGHTS.replace("count(*) AS flights", "max(x) AS x"));
    Outcome outcome = run("validate", file.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.REFUSED);
    assertThat(outcome.err().lines()).hasSize(1).allMatch(l -> l.contains("a.yaml:25:"));
    assertThat(outcome.out()).isEqualToNormalizingNewlines("1 error in 1 file\n");
  }

  @Test
  void help_loadsNeitherEngineNorPulsar() throws Exception {
    Outcome outcome = run("-verbose:class", "--help");
    assertThat(outcome.exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(outcome.out()).contains("Usage: sagitta", "picocli.CommandLine source");
    assertThat(outcome.out().lines())
        .filteredOn(l -> l.matches(".*org\\.(duckdb|apache\\.arrow|apache\\.pulsar)\\..*"))
        .isEmpty();
  }

  private Outcome run(String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED"));
    List<String> rest = new ArrayList<>(List.of(args));
    if (rest.get(0).startsWith("-verbose")) {
      command.add(rest.remove(0));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Sagitta.class.getName()));
    command.addAll(rest);
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int exitCode = process.waitFor();
    return new Outcome(
        exitCode,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
