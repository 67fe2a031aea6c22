package io.sagitta.acceptance;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * An aimed fault: the record of a step, and all behind it, wait to be written while the node goes
 * on as it may; after a second the process ends. The attacked node calls it.
 */
public final class RecordHeld {
  /** The mark that it came. */
  static final String CAME = "record-held";

  private static final long STEP = 12;
  private static final String STEPS = "node/src/main/java/io/sagitta/node/task/NewSteps.java";
  private static final long MILLIS = 1_000;
  private static final boolean BEFORE = !Aim.has(CAME);

  private RecordHeld() {}

  /** Returns where the node calls it, for the tasks of {@code chain}, "shape/name". */
  static List<SourceChange> places(String chain) {
    String call =
        "return %s.append(%s, number, () -> parts.topics()\n"
            .formatted(RecordHeld.class.getName(), Aim.isOf(chain, "parts.spec()"));
    return List.of(
        new SourceChange(STEPS, "return parts\n          .topics()\n", call),
        new SourceChange(STEPS, "work.needs(gathered)));", "work.needs(gathered))));"));
  }

  /** The record of {@code step} is about to be written by {@code write}. */
  public static <T> CompletableFuture<T> append(
      boolean aimed, long step, Supplier<CompletableFuture<T>> write) {
    if (!aimed || !BEFORE || step < STEP) {
      return write.get();
    }
    if (step == STEP) {
      new Thread(RecordHeld::end, "record-held").start();
    }
    return new CompletableFuture<>();
  }

  private static void end() {
    Aim.pause(MILLIS);
    Aim.halt(CAME);
  }
}
