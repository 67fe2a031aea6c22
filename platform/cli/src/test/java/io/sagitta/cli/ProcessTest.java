package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
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

  @Test
  void run_interrupted_leavesSinksAndNothingElse() throws Exception {
    Path file =
        Definitions.write(
            dir,
            "copy.yaml",
            """
            apiVersion: sagitta/v1
            kind: Pipeline
            metadata: {name: copy, tenant: t}
            spec:
              mode: batch
              sources:
                numbers: {type: file, path: in, format: csv, schema: {n: {type: int64}, text: {type: string}}}
              sinks:
                lake: {type: parquet, inputs: [numbers], path: lake}
                base: {type: jdbc, inputs: [numbers], url: "jdbc:duckdb:base.duckdb", table: numbers}
            """);
    Files.createDirectory(dir.resolve("in"));
    numbers(10);
    assertThat(Outcome.of("run", file.toString()).exitCode()).isEqualTo(ExitCodes.OK);
    numbers(5_000_000);
    Path scratch = Files.createDirectory(dir.resolve("scratch"));

    Process process = start("-Djava.io.tmpdir=" + scratch, "run", file.toString());
    await(() -> !process.isAlive() || !list(scratch, "sagitta-").isEmpty());
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).isNotEqualTo(ExitCodes.OK);
    assertThat(list(dir, ".")).isEmpty();
    assertThat(list(scratch, "sagitta-")).isEmpty();
    assertThat(count("read_parquet('" + dir.resolve("lake") + "/**/*.parquet')")).isEqualTo(10);
    numbers(20);
    assertThat(Outcome.of("run", file.toString()).exitCode()).isEqualTo(ExitCodes.OK);
    assertThat(count("read_parquet('" + dir.resolve("lake") + "/**/*.parquet')")).isEqualTo(20);
  }

  private void numbers(int count) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS n, 'row ' || i AS text FROM range(%d) t(i)) TO '%s' (FORMAT csv, HEADER)"
              .formatted(count, dir.resolve("in/numbers.csv")));
    }
  }

  private static long count(String relation) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + relation)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<String> list(Path folder, String prefix) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(e -> e.getFileName().toString())
          .filter(e -> e.startsWith(prefix))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private Outcome run(String... args) throws IOException, InterruptedException {
    int exitCode = start(args).waitFor();
    return new Outcome(
        exitCode,
        Files.readString(dir.resolve("out"), StandardCharsets.UTF_8),
        Files.readString(dir.resolve("err"), StandardCharsets.UTF_8));
  }

  /** Starts the command; a first argument with one dash is the JVM's. */
  private Process start(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED"));
    List<String> rest = new ArrayList<>(List.of(args));
    if (rest.get(0).matches("-[^-].*")) {
      command.add(rest.remove(0));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Sagitta.class.getName()));
    command.addAll(rest);
    return new ProcessBuilder(command)
        .redirectOutput(dir.resolve("out").toFile())
        .redirectError(dir.resolve("err").toFile())
        .start();
  }
}
