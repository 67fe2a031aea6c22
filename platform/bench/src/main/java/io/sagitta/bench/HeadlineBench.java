package io.sagitta.bench;

import io.sagitta.engine.codec.RowFormat;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole way: JSON lines over HTTP, converted and filtered, out to a stream. */
final class HeadlineBench implements Measurement {
  private static final int CLIENTS = 4;

  /** How often the sample is replayed before what is called warm: the JIT is long at work. */
  private static final int WARM_REPLAYS = 5;

  private static final int BODY_ROWS = 10_000;
  private static final int WAIT_MILLIS = 10_000;
  private static final int TOP_THREADS = 6;
  private static final int TOP_METHODS = 8;
  private static final double GOAL = 1.0;

  private final Sample sample;

  HeadlineBench(Sample sample) {
    this.sample = sample;
  }

  /**
   * What a replay of the sample cost.
   *
   * @param cpu seconds by part
   */
  private record Replay(double seconds, Map<String, Double> cpu) {
    double all() {
      return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  @Override
  public String name() {
    return "headline";
  }

  @Override
  public void run(Report report) throws Exception {
    Pipeline pipeline = Pipeline.delayed();
    report.progress("making %,d flights as JSON lines", sample.rows());
    List<byte[]> bodies = sample.bodies(pipeline.source(), BODY_ROWS, RowFormat.JSON_LINES);
    long bytes = bodies.stream().mapToLong(b -> b.length).sum();
    report.paragraph(
        "%,d flights as JSON lines (%,d MB, %,d rows a request, %d named clients that wait for each"
            + " answer) through gateway, `clean`, a filter and stream, effectively once; gateway,"
            + " node, control and broker are processes of their own, fsync on. CPU is in seconds for"
            + " a million rows; the clients' is not in it.",
        sample.rows(), bytes / 1_000_000, BODY_ROWS, CLIENTS);
    try (BenchHouse house = BenchHouse.start(true)) {
      PipelineId id = house.apply(pipeline);
      MarkdownTable table =
          new MarkdownTable(
              "",
              "million rows/s",
              "CPU gateway",
              "CPU node",
              "CPU broker",
              "CPU in all",
              "of the goal %.1f".formatted(GOAL));
      PostingClients clients =
          new PostingClients(house.source(id), RowFormat.JSON_LINES.mediaType());
      report.progress("first replay");
      add(table, "the first, from a cold start", replay(house, id, clients, bodies, 1));
      for (int nth = 2; nth <= WARM_REPLAYS; nth++) {
        report.progress("replay %d", nth);
        add(table, "replay " + nth, replay(house, id, clients, bodies, nth));
      }
      report.progress("replay %d", WARM_REPLAYS + 1);
      Map<String, Map<String, Double>> before = threads(house);
      add(
          table,
          "replay %d, warm".formatted(WARM_REPLAYS + 1),
          replay(house, id, clients, bodies, WARM_REPLAYS + 1));
      Map<String, Map<String, Double>> after = threads(house);
      report.table(table);
      threads(report, before, after);
      report.progress("one more replay, profiled");
      profiled(report, house, id, clients, bodies);
      report.paragraph("A client was told to come again %,d times.", clients.refusals());
    }
  }

  private void add(MarkdownTable table, String title, Replay replay) {
    double million = sample.rows() / 1e6;
    table.row(
        title,
        million / replay.seconds(),
        part(replay, "gateway") / million,
        part(replay, "node") / million,
        part(replay, "broker") / million,
        replay.all() / million,
        "× " + MarkdownTable.number(replay.all() / million / GOAL));
  }

  private static double part(Replay replay, String name) {
    return replay.cpu().getOrDefault(name, Double.NaN);
  }

  private Replay replay(
      BenchHouse house, PipelineId id, PostingClients clients, List<byte[]> bodies, int nth)
      throws Exception {
    Map<String, Double> before = house.cpuSeconds();
    long start = System.currentTimeMillis();
    clients.postAll("replay" + nth, CLIENTS, bodies);
    house.awaitRest(id, (long) nth * sample.rows());
    Map<String, Double> cpu = new LinkedHashMap<>();
    house
        .cpuSeconds()
        .forEach((part, after) -> cpu.put(part, after - before.getOrDefault(part, 0.0)));
    return new Replay((lastPublished(house, id) - start) / 1e3, cpu);
  }

  private static long lastPublished(BenchHouse house, PipelineId id) throws InterruptedException {
    try (PartitionReader reader =
        PartitionReader.open(
            house.connection(),
            Topics.partition(Topics.stream(id, "delayed"), 0),
            new PartitionReader.Start.LastMessage())) {
      if (!reader.hasNext()) {
        throw new IllegalStateException("The stream has no rows");
      }
      try (Received last = reader.next(WAIT_MILLIS).orElseThrow()) {
        return last.publishedMillis();
      }
    }
  }

  private static Map<String, Map<String, Double>> threads(BenchHouse house) {
    Map<String, Map<String, Double>> threads = new LinkedHashMap<>();
    house.pids().forEach((part, pid) -> threads.put(part, ProcessUse.cpuSecondsByThread(pid)));
    return threads;
  }

  private void threads(
      Report report,
      Map<String, Map<String, Double>> before,
      Map<String, Map<String, Double>> after) {
    MarkdownTable table =
        new MarkdownTable("CPU of the warm replay by kind of thread", "seconds for a million rows");
    after.forEach(
        (part, threads) ->
            threads.entrySet().stream()
                .map(
                    t ->
                        Map.entry(
                            t.getKey(),
                            t.getValue()
                                - before
                                    .getOrDefault(part, Map.of())
                                    .getOrDefault(t.getKey(), 0.0)))
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(TOP_THREADS)
                .filter(t -> t.getValue() > 0)
                .forEach(
                    t ->
                        table.row(
                            part + ": `" + t.getKey() + "`", t.getValue() / sample.rows() * 1e6)));
    report.table(table);
  }

  private void profiled(
      Report report, BenchHouse house, PipelineId id, PostingClients clients, List<byte[]> bodies)
      throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      List<JavaProfile> profiles = new ArrayList<>();
      for (Map.Entry<String, Long> part : house.pids().entrySet()) {
        Path file = folder.path().resolve(part.getKey() + ".jfr");
        profiles.add(JavaProfile.start(part.getKey(), part.getValue(), file));
      }
      replay(house, id, clients, bodies, WARM_REPLAYS + 2);
      for (JavaProfile profile : profiles) {
        report.table(profile.stop(TOP_METHODS));
      }
    }
  }
}
