package io.sagitta.bench;

import io.sagitta.connectors.Reach;
import io.sagitta.engine.Engine;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.node.task.TaskResources;
import io.sagitta.node.task.WorkerShare;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.transport.Header;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.arrow.memory.RootAllocator;

/** Hops through Pulsar, ours beside Pulsar alone with the same bytes in the same messages. */
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

  /** Costs of rounds, of one way to measure. */
  private record Sides(List<Progression.Cost> ours, List<Progression.Cost> raw) {
    Sides() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    static double median(List<Progression.Cost> costs, ToDoubleFunction<Progression.Cost> figure) {
      List<Progression.Cost> counted = costs.subList(WARM_ROUNDS, costs.size());
      return Spread.of(counted.stream().mapToDouble(figure).toArray()).median();
    }
  }

  private record Measured(Sides endToEnd, Sides alone) {}

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
        "%,d flights as %,d messages of %,d KiB go into the ingest topic. *Sagitta* is a node's own"
            + " task (steps, journal, deduplication; `clean`, then a filter) that publishes into a"
            + " stream. *Raw* consumes the same messages and publishes the very messages that the"
            + " task made, with the same client settings (LZ4), without deduplication, and"
            + " acknowledges what it consumed when they are persisted. Medians of %d rounds after"
            + " %d to warm up, both sides in turn; the first tenth of the rows is not counted. CPU"
            + " is in seconds for a million rows in.",
        rows(), in.size(), inBytes / in.size() / 1024, ROUNDS, WARM_ROUNDS);
    MarkdownTable endToEnd = table("Two hops, publisher to reader", "ratio (goal 0.8)");
    MarkdownTable alone = table("What is between the topics, alone", "ratio");
    for (boolean fsync : List.of(true, false)) {
      Measured measured = measure(report, pipeline, in, fsync);
      add(endToEnd, fsync, measured.endToEnd());
      add(alone, fsync, measured.alone());
    }
    report.paragraph(
        "From a publisher that writes into the ingest topic as fast as it is taken, to a reader of"
            + " the stream that gets every message, all at once; both are this process on either"
            + " side, and what they use is in *CPU ours*:");
    report.table(endToEnd);
    report.paragraph(
        "The same without the two ends: the ingest topic is full before the task starts, and nobody"
            + " reads the stream:");
    report.table(alone);
  }

  private static MarkdownTable table(String title, String ratio) {
    return new MarkdownTable(
        title, "million rows/s", ratio, "CPU ours", "CPU broker", "CPU in all", "ratio of CPU");
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

  private Measured measure(
      Report report, Pipeline pipeline, List<HopTopics.Carried> in, boolean fsync)
      throws Exception {
    Measured measured = new Measured(new Sides(), new Sides());
    try (TemporaryFolder folder = TemporaryFolder.create();
        LocalPulsar pulsar =
            LocalPulsar.start(
                LocalPulsarOptions.in(folder.path().resolve("pulsar")).withFsync(fsync));
        PulsarConnection connection = PulsarConnection.open(pulsar.brokerUrl(), RECEIVE_BYTES);
        RootAllocator allocator = new RootAllocator();
        Engine engine = new DuckEngine(1L << 30)) {
      TaskResources resources =
          resources(connection, engine, allocator, folder.path().resolve("spill"));
      Rounds rounds = new Rounds(pipeline, in, pulsar, connection, resources, measured);
      for (int round = 1; round <= WARM_ROUNDS + ROUNDS; round++) {
        report.progress(
            "fsync %s, round %d of %d", fsync ? "on" : "off", round, WARM_ROUNDS + ROUNDS);
        round(rounds);
      }
    }
    return measured;
  }

  private static TaskResources resources(
      PulsarConnection connection, Engine engine, RootAllocator allocator, Path spill) {
    return new TaskResources(
        connection,
        tenant -> engine,
        allocator,
        List.of(),
        List.of(),
        (pulsar, pipeline, table, hash) -> {
          throw new IllegalStateException("This pipeline has no tables");
        },
        pipeline -> Reach.free(spill),
        tenant -> WorkerShare.WHOLE,
        "bench",
        spill,
        () -> 256L << 20,
        Clock.systemUTC());
  }

  private long rows() {
    return (long) REPEATS * sample.rows();
  }

  private record Rounds(
      Pipeline pipeline,
      List<HopTopics.Carried> in,
      LocalPulsar pulsar,
      PulsarConnection connection,
      TaskResources resources,
      Measured measured) {

    HopTopics topics(boolean deduplicate) throws IOException, InterruptedException {
      return new HopTopics(pulsar, connection, new PipelineId("bench", "hop"), deduplicate);
    }
  }

  private void round(Rounds rounds) throws Exception {
    HopRun run =
        new HopRun(
            rounds.connection(), rounds.pulsar().pid(), rows(), (long) (rows() * WARM_SHARE));
    List<HopTopics.Carried> in = rounds.in();
    List<HopTopics.Carried> made;
    try (HopTopics topics = rounds.topics(true)) {
      rounds.measured().alone().ours().add(run.relayAlone(topics, in, () -> task(rounds, topics)));
      made = topics.written();
    }
    long rowsOut = made.stream().mapToLong(message -> message.header().rows()).sum();
    try (HopTopics topics = rounds.topics(true)) {
      rounds
          .measured()
          .endToEnd()
          .ours()
          .add(run.endToEnd(topics, in, rowsOut, () -> task(rounds, topics)));
    }
    try (HopTopics topics = rounds.topics(false)) {
      rounds
          .measured()
          .alone()
          .raw()
          .add(run.relayAlone(topics, in, () -> raw(rounds, topics, made)));
    }
    try (HopTopics topics = rounds.topics(false)) {
      rounds
          .measured()
          .endToEnd()
          .raw()
          .add(run.endToEnd(topics, in, rowsOut, () -> raw(rounds, topics, made)));
    }
  }

  private Relay task(Rounds rounds, HopTopics topics) {
    return new TaskRelay(rounds.pipeline(), rounds.resources(), topics, rows());
  }

  private static Relay raw(Rounds rounds, HopTopics topics, List<HopTopics.Carried> made) {
    return new RawRelay(rounds.connection(), topics, rounds.in().size(), made);
  }
}
