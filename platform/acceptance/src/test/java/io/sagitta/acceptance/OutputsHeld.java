package io.sagitta.acceptance;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An aimed fault: the outputs of a step wait until two later steps are recorded; then they go out,
 * and the process ends before those of the next step do. When it has started again, the outputs of
 * the repeated step wait for those of the two behind it. The attacked node calls it.
 */
public final class OutputsHeld {
  /** The mark that it came. */
  static final String CAME = "outputs-held";

  private static final String OUTBOX = "node/src/main/java/io/sagitta/node/task/Outbox.java";
  private static final String WORK = "node/src/main/java/io/sagitta/node/task/StepWork.java";
  private static final long STEP = 12;
  private static final boolean BEFORE = !Aim.has(CAME);
  private static final AtomicBoolean FIRST = new AtomicBoolean(true);
  private static volatile long recorded;
  private static volatile long queued;
  private static volatile long persisted;

  private OutputsHeld() {}

  /** Returns where the node calls it, for the tasks of {@code chain}, "shape/name". */
  static List<SourceChange> places(String chain) {
    String publish = "List<CompletableFuture<?>> acknowledgements = new ArrayList<>();";
    String persist = "persisted.complete(null);";
    String send = "return persisted;";
    String begin = "long needs = needsOrdinal(gathered);";
    String record =
        "long noted = step; var unused = recorded.whenComplete((place, failure) -> %s);"
            .formatted(call("recorded", "noted", "parts.spec()", chain));
    return List.of(
        new SourceChange(
            OUTBOX, publish, call("publishing", "step", "spec", chain) + ";" + publish),
        new SourceChange(OUTBOX, persist, persist + call("persisted", "step", "spec", chain) + ";"),
        new SourceChange(OUTBOX, send, call("queued", "step", "spec", chain) + ";" + send),
        new SourceChange(WORK, begin, begin + record));
  }

  private static String call(String method, String step, String spec, String chain) {
    return "%s.%s(%s ? %s : 0)"
        .formatted(OutputsHeld.class.getName(), method, Aim.isOf(chain, spec), step);
  }

  /** The outputs of {@code step} are about to leave; 0 if it is none of those that are meant. */
  public static void publishing(long step) {
    if (BEFORE && step == STEP) {
      Aim.await(() -> recorded >= step + 2);
    } else if (BEFORE && step == STEP + 1) {
      Aim.await(() -> persisted >= STEP);
      Aim.halt(CAME);
    } else if (!BEFORE && step > 0 && FIRST.getAndSet(false)) {
      Aim.await(() -> queued >= step + 2);
    }
  }

  /** The outputs of {@code step} may leave as soon as it is recorded. */
  public static void queued(long step) {
    queued = Math.max(queued, step);
  }

  /** The outputs of {@code step} are on disk. */
  public static void persisted(long step) {
    persisted = Math.max(persisted, step);
  }

  /** The record of {@code step} is on disk. */
  public static void recorded(long step) {
    recorded = Math.max(recorded, step);
  }
}
