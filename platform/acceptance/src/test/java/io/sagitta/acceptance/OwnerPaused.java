package io.sagitta.acceptance;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * An aimed fault: the owner of a task is stopped just before it writes a step's record, and goes on
 * when another node has made some steps of that task; when its late write has come through or was
 * refused, both nodes end. The attacked nodes call it.
 */
public final class OwnerPaused {
  /** The mark that it came. */
  static final String CAME = "owner-paused";

  private static final String STOPPED = "owner-stopped";
  private static final String SUCCESSOR = "owner-successor";
  private static final long STEP = 12;
  private static final String STEPS = "node/src/main/java/io/sagitta/node/task/NewSteps.java";
  private static final int SUCCESSORS_STEPS = 5;
  private static final AtomicInteger MADE = new AtomicInteger();

  private OwnerPaused() {}

  /** Returns where the nodes call it, for the tasks of {@code chain}, "shape/name". */
  static List<SourceChange> places(String chain) {
    String call =
        "return %s.append(%s, number, () -> parts.topics()\n"
            .formatted(OwnerPaused.class.getName(), Aim.isOf(chain, "parts.spec()"));
    return List.of(
        new SourceChange(STEPS, "return parts\n          .topics()\n", call),
        new SourceChange(STEPS, "work.needs(gathered)));", "work.needs(gathered))));"));
  }

  /** The record of {@code step} is about to be written by {@code write}. */
  public static <T> CompletableFuture<T> append(
      boolean aimed, long step, Supplier<CompletableFuture<T>> write) {
    if (!aimed || step < STEP || Aim.has(CAME)) {
      return write.get();
    }
    if (!Aim.has(STOPPED)) {
      Aim.leave(STOPPED, Aim.pid());
      Aim.signal("STOP", Aim.pid());
      return write.get().whenComplete((place, failure) -> end());
    }
    if (Aim.pid(STOPPED) != Aim.pid() && MADE.incrementAndGet() == SUCCESSORS_STEPS) {
      Aim.leave(SUCCESSOR, Aim.pid());
      Aim.signal("CONT", Aim.pid(STOPPED));
    }
    return write.get();
  }

  private static void end() {
    Aim.leave(CAME, Aim.pid());
    Aim.signal("KILL", Aim.pid(SUCCESSOR));
    Aim.halt(CAME);
  }
}
