package io.sagitta.bench;

import io.sagitta.engine.codec.RowFormat;
import io.sagitta.transport.PipelineId;
import java.util.List;
import java.util.Map;

/** How fast the gateway takes rows, by format. No node runs. */
final class IngestBench implements Measurement {
  private static final int CLIENTS = 2;
  private static final int BODY_ROWS = 10_000;
  private static final int ROUNDS = 3;

  private final Sample sample;

  IngestBench(Sample sample) {
    this.sample = new Sample(sample.home(), Math.min(sample.rows(), 1_000_000));
  }

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public void run(Report report) throws Exception {
    Pipeline pipeline = Pipeline.delayed();
    report.paragraph(
        "%,d flights over HTTP, %,d rows a request, %d named clients that wait for each answer;"
            + " gateway and broker are processes of their own, fsync on. The last of %d rounds. CPU"
            + " is in seconds for a million rows; the clients' is not in it, though they share the"
            + " cores.",
        sample.rows(), BODY_ROWS, CLIENTS, ROUNDS);
    MarkdownTable table =
        new MarkdownTable(
            "body", "bytes a row", "million rows/s", "MB/s", "CPU gateway", "CPU broker");
    try (BenchHouse house = BenchHouse.start(false)) {
      PipelineId id = house.apply(pipeline);
      for (RowFormat format : List.of(RowFormat.JSON_LINES, RowFormat.CSV, RowFormat.ARROW)) {
        List<byte[]> bodies = sample.bodies(pipeline.source(), BODY_ROWS, format);
        PostingClients clients = new PostingClients(house.source(id), format.mediaType());
        for (int round = 1; round < ROUNDS; round++) {
          report.progress("%s, round %d", format, round);
          clients.postAll(format + "." + round, CLIENTS, bodies);
        }
        report.progress("%s, round %d", format, ROUNDS);
        add(table, house, format, clients, bodies);
      }
    }
    report.table(table);
  }

  private void add(
      MarkdownTable table,
      BenchHouse house,
      RowFormat format,
      PostingClients clients,
      List<byte[]> bodies)
      throws Exception {
    double million = sample.rows() / 1e6;
    long bytes = bodies.stream().mapToLong(b -> b.length).sum();
    Map<String, Double> before = house.cpuSeconds();
    long start = System.nanoTime();
    clients.postAll(format + "." + ROUNDS, CLIENTS, bodies);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> after = house.cpuSeconds();
    table.row(
        format.mediaType(),
        (double) bytes / sample.rows(),
        million / seconds,
        bytes / seconds / 1e6,
        cpu("gateway", before, after) / million,
        cpu("broker", before, after) / million);
  }

  private static double cpu(String part, Map<String, Double> before, Map<String, Double> after) {
    return after.getOrDefault(part, 0.0) - before.getOrDefault(part, 0.0);
  }
}
