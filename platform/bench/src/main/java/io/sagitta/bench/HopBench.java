package io.sagitta.bench;

import io.sagitta.engine.Engine;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.node.task.TaskResources;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.transport.Header;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.arrow.memory.RootAllocator;

/** One hop through Pulsar, ours beside Pulsar alone with the same bytes in the same messages. */
final class HopBench implements Measurement {
  private static final long RECEIVE_BYTES = 128 << 20;
  private static final int WARM_ROUNDS = 2;
  private static final int ROUNDS = 3;

  /** So that a round takes seconds: what is compiled on the way would be most of a shorter one. */
  private static final int REPEATS = 4;

  private static final double WARM_SHARE = 0.1;

  /** About 256 KiB of Arrow. */
  private static final int MESSAGE_ROWS = 8_192;

  private final Sample sample;

  HopBench(Sample sample) {
    this.sample = sample;
  }

  private record Sides(List<Progression.Cost> ours, List<Progression.Cost> raw) {
    static double median(List<Progression.Cost> costs, ToDoubleFunction<Progression.Cost> figure) {
      return Spread.of(costs.stream().mapToDouble(figure).toArray()).median();
    }
  }

  @Override
  public String name() {
    return "hop";
  }

  @Override
  public void run(Report report) throws Exception {
    Pipeline pipeline = Pipeline.delayed();
    List<HopTopics.Carried> in = new ArrayList<>();
    long inBytes = 0;
    List<ByteBuffer> payloads = sample.payloads(pipeline.source(), MESSAGE_ROWS);
    for (int n = 0; n < REPEATS * payloads.size(); n++) {
      int i = n % payloads.size();
      int rows = Math.min(MESSAGE_ROWS, sample.rows() - i * MESSAGE_ROWS);
      Header header =
          Header.of(Header.Kind.ROWS, "gateway", Pipeline.SOURCE, rows, Optional.empty());
      in.add(new HopTopics.Carried(header, payloads.get(i)));
      inBytes += payloads.get(i).remaining();
    }
    report.paragraph(
        "%,d flights wait in the ingest topic as %,d messages of %,d KiB. *Sagitta* is a node's own"
            + " task (steps, journal, deduplication; `clean`, then a filter) that publishes into a"
            + " stream. *Raw* consumes the same messages and publishes the very messages that the"
            + " task made, with the same client settings (LZ4), without deduplication, and"
            + " acknowledges what it consumed when they are persisted. Medians of %d rounds after %d to"
            + " warm up, both sides in turn; the first tenth of the rows is not counted. CPU is in"
            + " seconds for a million rows in.",
        rows(), in.size(), inBytes / in.size() / 1024, ROUNDS, WARM_ROUNDS);
    MarkdownTable table =
        new MarkdownTable(
            "",
            "million rows/s",
            "ratio (goal 0.8)",
            "CPU ours",
            "CPU broker",
            "CPU in all",
            "ratio of CPU");
    for (boolean fsync : List.of(true, false)) {
      add(table, fsync, measure(report, pipeline, in, fsync));
    }
    report.table(table);
  }

  private static void add(MarkdownTable table, boolean fsync, Sides sides) {
    double rawRate = Sides.median(sides.raw(), Progression.Cost::rowsPerSecond);
    double rawCpu = Sides.median(sides.raw(), HopBench::cpuPerMillion);
    for (List<Progression.Cost> costs : List.of(sides.raw(), sides.ours())) {
      double rate = Sides.median(costs, Progression.Cost::rowsPerSecond);
      double cpu = Sides.median(costs, HopBench::cpuPerMillion);
      table.row(
          (costs.equals(sides.raw()) ? "Raw" : "Sagitta") + ", fsync " + (fsync ? "on" : "off"),
          rate / 1e6,
          rate / rawRate,
          Sides.median(costs, Progression.Cost::ownPerMillion),
          Sides.median(costs, Progression.Cost::brokerPerMillion),
          cpu,
          rawCpu / cpu);
    }
  }

  private static double cpuPerMillion(Progression.Cost cost) {
    return cost.ownPerMillion() + cost.brokerPerMillion();
  }

  private Sides measure(Report report, Pipeline pipeline, List<HopTopics.Carried> in, boolean fsync)
      throws Exception {
    Sides sides = new Sides(new ArrayList<>(), new ArrayList<>());
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalPulsar pulsar =
            LocalPulsar.start(
                LocalPulsarOptions.in(folder.path().resolve("pulsar")).withFsync(fsync));
        PulsarConnection connection = PulsarConnection.open(pulsar.brokerUrl(), RECEIVE_BYTES);
        RootAllocator allocator = new RootAllocator();
        Engine engine = new DuckEngine(1L << 30)) {
      TaskResources resources =
          resources(connection, engine, allocator, folder.path().resolve("spill"));
      for (int round = 1 - WARM_ROUNDS; round <= ROUNDS; round++) {
        report.progress("fsync %s, round %d of %d", fsync ? "on" : "off", round, ROUNDS);
        round(pipeline, in, pulsar, connection, resources, round, sides);
      }
    }
    return new Sides(
        sides.ours().subList(WARM_ROUNDS, WARM_ROUNDS + ROUNDS),
        sides.raw().subList(WARM_ROUNDS, WARM_ROUNDS + ROUNDS));
  }

  private static TaskResources resources(
      PulsarConnection connection, Engine engine, RootAllocator allocator, Path spill) {
    return new TaskResources(
        connection,
        engine,
        allocator,
        List.of(),
        List.of(),
        (pipeline, table, hash) -> {
          throw new IllegalStateException("This pipeline has no tables");
        },
        "bench",
        spill,
        256L << 20,
        Clock.systemUTC());
  }

  private long rows() {
    return (long) REPEATS * sample.rows();
  }

  private void round(
      Pipeline pipeline,
      List<HopTopics.Carried> in,
      LocalPulsar pulsar,
      PulsarConnection connection,
      TaskResources resources,
      int round,
      Sides sides)
      throws Exception {
    long warmRows = (long) (rows() * WARM_SHARE);
    List<HopTopics.Carried> made;
    try (HopTopics topics =
        new HopTopics(
            pulsar, connection, new PipelineId("bench", "hop-" + (round + WARM_ROUNDS)), true)) {
      topics.fill(in);
      sides.ours().add(TaskHop.run(pipeline, resources, pulsar.pid(), topics, rows(), warmRows));
      made = topics.written();
    }
    try (HopTopics topics =
        new HopTopics(
            pulsar, connection, new PipelineId("bench", "raw-" + (round + WARM_ROUNDS)), false)) {
      topics.fill(in);
      sides.raw().add(RawHop.run(connection, pulsar.pid(), topics, in.size(), made, warmRows));
    }
  }
}
