package io.sagitta.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The one command: measures what its arguments name. */
public final class Bench {
  private static final String USAGE =
      "Usage: platform/bench/run [--write] [--rows=N] [engine|hop|latency|headline|batch|ingest|all]…";
  private static final int ROWS = 3_000_000;

  private Bench() {}

  /**
   * Measures.
   *
   * @param args {@code --write} puts the tables into docs/performance.md; {@code --rows=N} takes
   *     that many rows instead of three million; then what to measure
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(System.getProperty("sagitta.home", "")).toAbsolutePath();
    boolean write = false;
    int rows = ROWS;
    List<String> wanted = new ArrayList<>();
    for (String arg : args) {
      if (arg.equals("--write")) {
        write = true;
      } else if (arg.matches("--rows=[0-9]{4,8}")) {
        rows = Integer.parseInt(arg.substring("--rows=".length()));
      } else {
        wanted.add(arg);
      }
    }
    List<Measurement> chosen = chosen(wanted, new Sample(home, rows));
    if (chosen.isEmpty()) {
      System.err.println(USAGE);
      System.exit(2);
    }
    Document document = new Document(home.resolve("docs").resolve("performance.md"));
    for (Measurement measurement : chosen) {
      measure(measurement, document, write);
    }
    // Pulsar's client leaves threads behind that are no daemons.
    System.exit(0);
  }

  private static List<Measurement> chosen(List<String> wanted, Sample sample) {
    List<Measurement> all =
        List.of(
            new EngineBench(sample),
            new HopBench(sample),
            new LatencyBench(sample),
            new HeadlineBench(sample),
            new BatchBench(sample),
            new IngestBench(sample));
    if (wanted.contains("all")) {
      return all;
    }
    List<Measurement> chosen = new ArrayList<>();
    for (String name : wanted) {
      List<Measurement> named = all.stream().filter(m -> m.name().equals(name)).toList();
      if (named.isEmpty()) {
        return List.of();
      }
      chosen.addAll(named);
    }
    return chosen;
  }

  private static void measure(Measurement measurement, Document document, boolean write)
      throws Exception {
    System.out.println("\n## " + measurement.name() + "\n");
    Report report = new Report(System.out, System.err);
    report.paragraph("%s", Machine.describe());
    measurement.run(report);
    if (write) {
      keep(measurement, document, report);
    }
  }

  private static void keep(Measurement measurement, Document document, Report report)
      throws IOException {
    document.replace(measurement.name(), report.text());
    System.out.println("\nWritten into " + document.file());
  }
}
