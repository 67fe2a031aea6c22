package io.sagitta.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A batch run beside plain DuckDB that does the same, each in fresh processes. */
final class BatchBench implements Measurement {
  private static final int ROUNDS = 3;

  private final Sample sample;

  BatchBench(Sample sample) {
    this.sample = sample;
  }

  /**
   * One run.
   *
   * @param mebibytes the most memory it ever had resident
   */
  private record Outcome(double seconds, double mebibytes) {}

  @Override
  public String name() {
    return "batch";
  }

  @Override
  public void run(Report report) throws Exception {
    report.paragraph(
        "%,d flights from one Parquet file: converted and checked into Parquet folders by month"
            + " (ZSTD), and counted by airport and day, both sinks committed whole; all cores, 1 GiB"
            + " for the engine. *Plain DuckDB* does the same by two COPY statements over views, through"
            + " the same JDBC driver. Each run is a process of its own (a JVM on both sides); its start"
            + " is not counted. Medians of %d, in turn.",
        sample.rows(), ROUNDS);
    List<Outcome> plain = new ArrayList<>();
    List<Outcome> ours = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      report.progress("round %d of %d", round, ROUNDS);
      try (TemporaryFolder folder = TemporaryFolder.create()) {
        write(folder.path());
        plain.add(side("duckdb", folder.path()));
        ours.add(side("sagitta", folder.path()));
        checkEqual(folder.path());
      }
    }
    MarkdownTable table =
        new MarkdownTable("", "seconds", "ratio of wall time (goal 1.5)", "peak memory MiB");
    row(table, "Plain DuckDB", plain, plain);
    row(table, "Sagitta", ours, plain);
    report.table(table);
  }

  private static void row(
      MarkdownTable table, String title, List<Outcome> outcomes, List<Outcome> plain) {
    table.row(
        title,
        seconds(outcomes),
        seconds(outcomes) / seconds(plain),
        Spread.of(outcomes.stream().mapToDouble(Outcome::mebibytes).toArray()).median());
  }

  private static double seconds(List<Outcome> outcomes) {
    return Spread.of(outcomes.stream().mapToDouble(Outcome::seconds).toArray()).median();
  }

  private void write(Path folder) throws IOException, SQLException {
    Path in = Files.createDirectories(folder.resolve("in"));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone='UTC'");
      statement.execute(
          "COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION zstd)"
              .formatted(sample.sql(), in.resolve("flights.parquet")));
    }
  }

  private static void checkEqual(Path folder) throws SQLException {
    String lakes =
        "SELECT count(*), sum(distance)::BIGINT, sum(delay)::BIGINT FROM read_parquet('%s/**/*.parquet')";
    String days = "SELECT count(*), sum(flights)::BIGINT, 0 FROM read_parquet('%s')";
    String difference =
        "SELECT count(*) FROM ((%s) EXCEPT (%s)) UNION ALL SELECT count(*) FROM ((%s) EXCEPT (%s))"
            .formatted(
                lakes.formatted(folder.resolve("sagitta/lake")),
                lakes.formatted(folder.resolve("duckdb/lake")),
                days.formatted(folder.resolve("sagitta/days/*.parquet")),
                days.formatted(folder.resolve("duckdb/days.parquet")));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(difference)) {
      while (rows.next()) {
        if (rows.getLong(1) != 0) {
          throw new IllegalStateException("Both sides do not write the same rows");
        }
      }
    }
  }

  private static Outcome side(String which, Path folder) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Dlogback.configurationFile=io/sagitta/cli/logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                BatchSide.class.getName(),
                which,
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("The side " + which + " failed; see above");
    }
    String[] figures = said.substring(said.lastIndexOf('\n') + 1).split(" ");
    return new Outcome(
        Double.parseDouble(figures[0]), Long.parseLong(figures[1]) / (double) (1 << 20));
  }
}
