package io.sagitta.cli;

import io.sagitta.engine.Plan;
import io.sagitta.node.batch.BatchException;
import io.sagitta.node.batch.BatchOptions;
import io.sagitta.node.batch.BatchResult;
import io.sagitta.node.batch.BatchRun;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Runs a batch in this process. Apart from its command, which every start of the CLI loads. */
final class BatchProcess {
  private static final long LEAST_BYTES = 1L << 30;

  private BatchProcess() {}

  /**
   * Runs {@code plan} to its end.
   *
   * @param tables rows of each table, as Arrow IPC streams
   * @param name names the run among those of its pipeline
   * @param quarantine the folder for rows that were refused
   */
  static BatchResult run(
      Plan plan,
      Map<String, byte[]> tables,
      String name,
      Path quarantine,
      int threads,
      ProgressBar progress)
      throws BatchException {
    try (Scratch scratch = Scratch.create();
        BufferAllocator allocator = new RootAllocator()) {
      return cancelOnInterrupt(
          new BatchRun(
              plan,
              tables,
              new BatchOptions(name, quarantine, scratch.folder(), threads, memoryBytes()),
              (what, fraction, bytes) -> progress.show(what, fraction),
              allocator));
    } finally {
      progress.clear();
    }
  }

  /** Runs; Ctrl-C cancels and waits until nothing is left behind. */
  private static BatchResult cancelOnInterrupt(BatchRun run) throws BatchException {
    Thread runner = Thread.currentThread();
    Thread hook =
        new Thread(
            () -> {
              run.cancel();
              try {
                runner.join(10_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return run.run();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending: the hook waits for this thread.
      }
    }
  }

  private static long memoryBytes() {
    var system = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    return system instanceof com.sun.management.OperatingSystemMXBean known
        ? Math.max(LEAST_BYTES, known.getTotalMemorySize() / 2)
        : LEAST_BYTES;
  }
}
