package io.sagitta.cli;

import io.sagitta.connectors.Reach;
import io.sagitta.engine.Plan;
import io.sagitta.node.batch.BatchException;
import io.sagitta.node.batch.BatchOptions;
import io.sagitta.node.batch.BatchResult;
import io.sagitta.node.batch.BatchRun;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Runs a batch in this process. Apart from its command, which every start of the CLI loads. */
final class BatchProcess {
  private static final long LEAST_BYTES = 1L << 30;
  private static final long MOST_SECONDS_TO_CANCEL = 30;

  private BatchProcess() {}

  /**
   * Runs {@code plan} to its end.
   *
   * @param reach what the pipeline may reach
   * @param tables rows of each table, as Arrow IPC streams
   * @param name names the run among those of its pipeline
   * @param quarantine the folder for rows that were refused
   */
  static BatchResult run(
      Plan plan,
      Reach reach,
      Map<String, byte[]> tables,
      String name,
      Path quarantine,
      int threads,
      ProgressBar progress)
      throws BatchException {
    Interruption interruption = new Interruption();
    Thread hook = new Thread(interruption::cancelAndWait);
    Runtime.getRuntime().addShutdownHook(hook);
    try (Scratch scratch = Scratch.create();
        BufferAllocator allocator = new RootAllocator()) {
      BatchRun run =
          new BatchRun(
              plan,
              tables,
              new BatchOptions(reach, name, quarantine, scratch.folder(), threads, memoryBytes()),
              (what, fraction, bytes) -> progress.show(what, fraction),
              allocator);
      interruption.started(run);
      return run.run();
    } finally {
      progress.clear();
      interruption.nothingIsLeftBehind();
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook has waited for this.
    }
  }

  /** What Ctrl-C does: it cancels the run, and holds the process until nothing is left behind. */
  private static final class Interruption {
    private final CountDownLatch clean = new CountDownLatch(1);
    private Optional<BatchRun> running = Optional.empty();
    private boolean interrupted;

    synchronized void started(BatchRun run) {
      running = Optional.of(run);
      if (interrupted) {
        run.cancel();
      }
    }

    private synchronized void cancel() {
      interrupted = true;
      running.ifPresent(BatchRun::cancel);
    }

    void nothingIsLeftBehind() {
      clean.countDown();
    }

    /** Waits for the cleaning, not for the thread that runs: that one waits for the process. */
    void cancelAndWait() {
      cancel();
      try {
        if (!clean.await(MOST_SECONDS_TO_CANCEL, TimeUnit.SECONDS)) {
          System.err.println("The run does not stop; files that start with '.' may be left");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
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
