package io.sagitta.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The engine alone: a task's fused chain beside the same query by plain DuckDB in one piece. */
final class EngineBench implements Measurement {
  private static final int[] CALL_ROWS = {1_000, 10_000, 100_000};
  private static final int MESSAGE_ROWS = 10_000;
  private static final int ROUNDS = 5;
  private static final int SINGLE_CALLS = 2_000;

  private final Sample sample;

  EngineBench(Sample sample) {
    this.sample = sample;
  }

  /** Something that is timed: returns how many rows came out. */
  @FunctionalInterface
  interface Run {
    long run() throws Exception;
  }

  private record Timing(String name, Run run, List<Double> wall, List<Double> cpu) {
    Timing(String name, Run run) {
      this(name, run, new ArrayList<>(), new ArrayList<>());
    }

    long take() throws Exception {
      long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long before = System.nanoTime();
      long rows = run.run();
      wall.add((System.nanoTime() - before) / 1e9);
      cpu.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore) / 1e9);
      return rows;
    }
  }

  @Override
  public String name() {
    return "engine";
  }

  @Override
  public void run(Report report) throws Exception {
    report.paragraph(
        "%,d flights; medians of %d rounds, both sides in turn, one thread, Arrow in and Arrow out."
            + " The ratio is rows per second beside plain DuckDB; the last column is the same of"
            + " the thread's CPU time, which other load on the machine changes less.",
        sample.rows(), ROUNDS);
    chain(report, "The demo's chain: `clean`", Pipeline.of(sample.demoDefinition()));
    chain(report, "The variant with a filter: `clean`, then `delayed`", Pipeline.delayed());
    calls(report, Pipeline.of(sample.demoDefinition()));
  }

  private void chain(Report report, String title, Pipeline pipeline) throws Exception {
    report.progress("%s", title);
    try (RootAllocator allocator = new RootAllocator()) {
      List<Timing> timings = new ArrayList<>();
      List<AutoCloseable> open = new ArrayList<>();
      try {
        List<VectorSchemaRoot> whole =
            closing(open, sample.batches(pipeline.source(), sample.rows(), allocator));
        PlainDuck plain = new PlainDuck(pipeline, allocator);
        open.add(plain);
        timings.add(new Timing("plain DuckDB, in one piece", () -> plain.run(whole)));
        for (int callRows : CALL_ROWS) {
          List<VectorSchemaRoot> batches =
              closing(open, sample.batches(pipeline.source(), callRows, allocator));
          EngineTask task = new EngineTask(pipeline, allocator);
          open.add(task);
          timings.add(
              new Timing("task, %,d rows a call".formatted(callRows), () -> task.run(batches, 1)));
          if (callRows == MESSAGE_ROWS) {
            timings.add(
                new Timing(
                    "task, 100,000 rows a call, from ten messages", () -> task.run(batches, 10)));
          }
        }
        take(timings);
      } finally {
        for (AutoCloseable part : open) {
          part.close();
        }
      }
      report.table(table(title, timings));
    }
  }

  private static List<VectorSchemaRoot> closing(
      List<AutoCloseable> open, List<VectorSchemaRoot> batches) {
    open.addAll(0, batches);
    return batches;
  }

  private static void take(List<Timing> timings) throws Exception {
    for (int round = -1; round < ROUNDS; round++) {
      long expected = -1;
      for (Timing timing : timings) {
        long rows = timing.take();
        if (expected >= 0 && rows != expected) {
          throw new IllegalStateException(
              timing.name() + " made " + rows + " rows, not " + expected);
        }
        expected = rows;
        if (round < 0) {
          timing.wall().clear();
          timing.cpu().clear();
        }
      }
    }
  }

  private MarkdownTable table(String title, List<Timing> timings) {
    MarkdownTable table =
        new MarkdownTable(title, "million rows/s", "ratio", "ratio of CPU time (goal 0.7)");
    Timing plain = timings.get(0);
    for (Timing timing : timings) {
      double wall = Spread.of(timing.wall()).median();
      table.row(
          timing.name(),
          sample.rows() / wall / 1e6,
          Spread.of(plain.wall()).median() / wall,
          Spread.of(plain.cpu()).median() / Spread.of(timing.cpu()).median());
    }
    return table;
  }

  private void calls(Report report, Pipeline pipeline) throws Exception {
    report.progress("what a call costs");
    MarkdownTable table =
        new MarkdownTable("A call of one row, with the demo's chain", "p50 µs", "p99 µs");
    try (RootAllocator allocator = new RootAllocator()) {
      List<VectorSchemaRoot> one =
          new Sample(sample.home(), 1).batches(pipeline.source(), 1, allocator);
      try (PlainDuck plain = new PlainDuck(pipeline, allocator);
          EngineTask task = new EngineTask(pipeline, allocator)) {
        Spread ofTask = micros(() -> task.run(one, 1));
        Spread ofPlain = micros(() -> plain.run(one));
        table.row("task (prepared once, its relation filled anew)", p50(ofTask), p99(ofTask));
        table.row("plain DuckDB (registered and prepared anew)", p50(ofPlain), p99(ofPlain));
      } finally {
        one.forEach(VectorSchemaRoot::close);
      }
    }
    report.table(table);
  }

  private static double p50(Spread spread) {
    return spread.median();
  }

  private static double p99(Spread spread) {
    return spread.quantile(0.99);
  }

  private static Spread micros(Run run) throws Exception {
    double[] micros = new double[SINGLE_CALLS];
    for (int i = -SINGLE_CALLS; i < SINGLE_CALLS; i++) {
      long before = System.nanoTime();
      run.run();
      if (i >= 0) {
        micros[i] = (System.nanoTime() - before) / 1e3;
      }
    }
    return Spread.of(micros);
  }
}
