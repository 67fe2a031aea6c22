package io.sagitta.node.task;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Progress;
import io.sagitta.engine.StepResult;
import io.sagitta.transport.Position;
import io.sagitta.transport.TaskStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The work of a task's steps, recorded or new, and where the task stands: computes a step, sends
 * what follows from it, and acknowledges the input when that is on disk.
 */
final class StepWork {
  private final TaskParts parts;
  private final StallWatch stall;
  private final WorkerShare workers;
  private final StepQueue steps = new StepQueue();
  private final Map<String, Counts> counts = new HashMap<>();
  private Progress progress = Progress.NONE;
  private Optional<Position> keepFrom = Optional.empty();
  private long step;
  private long needsFrom = -1;

  /** Creates one that stands before {@code last}, the newest recorded step, or at the beginning. */
  StepWork(TaskParts parts, Optional<StepRecord> last, StallWatch stall) {
    this.parts = parts;
    this.stall = stall;
    this.workers = parts.resources().workers().apply(parts.spec().id().pipeline().tenant());
    last.ifPresent(this::standBefore);
  }

  StepQueue steps() {
    return steps;
  }

  private void standBefore(StepRecord last) {
    takeCounts(last);
    progress = last.progress();
    steps.startAfter(last.closing() ? last.step() : last.finished());
  }

  /** Makes {@code recorded} the step at hand. */
  void resume(StepRecord recorded) {
    step = recorded.step();
    keepFrom = recorded.keepFrom();
    takeCounts(recorded);
  }

  private void takeCounts(StepRecord recorded) {
    counts.clear();
    counts.putAll(recorded.counts());
  }

  /** Returns the number of the next step, which becomes the step at hand. */
  long begin() {
    return ++step;
  }

  /**
   * Returns the record of step {@code number} as the task stands now.
   *
   * @param needs the oldest message that its outcome depends on
   */
  StepRecord record(long number, boolean closing, Position first, Position last, Position needs) {
    return new StepRecord(
        number,
        closing,
        first,
        last,
        needs,
        steps.finished(),
        parts.spec().revision(),
        parts.engine().version(),
        parts.tables().used(),
        parts.runner().upstreams(),
        progress,
        counts,
        keepFrom);
  }

  /** Returns where the oldest message stands that a step beginning with {@code gathered} needs. */
  Position needs(StepInput.Gathered gathered) {
    return parts.input().track().position(needsOrdinal(gathered));
  }

  /**
   * Returns where the oldest message stands that open windows need; behind {@code last} if none.
   */
  Position openFrom(Step last) {
    return last.needsFrom() < last.afterOrdinal()
        ? parts.input().track().position(last.needsFrom())
        : last.last().next();
  }

  private long needsOrdinal(StepInput.Gathered gathered) {
    return needsFrom < 0 ? gathered.firstOrdinal() : needsFrom;
  }

  /**
   * Computes the step at hand and passes on what follows from it.
   *
   * @param gathered its messages, which are taken
   * @param recorded completes with the place of its record
   * @param send false if it was finished and is repeated for its state alone
   */
  void compute(StepInput.Gathered gathered, CompletableFuture<Position> recorded, boolean send)
      throws InterruptedException {
    long needs = needsOrdinal(gathered);
    try (StepResult result = result(gathered)) {
      progress = result.progress();
      result.counts().forEach((stage, more) -> counts.merge(stage, more, Counts::plus));
      needsFrom = Math.min(result.oldestNeeded(), gathered.afterOrdinal());
      CompletableFuture<Void> published = CompletableFuture.completedFuture(null);
      if (send) {
        published = parts.outbox().send(step, result, recorded);
      } else {
        parts.outbox().skip(result.progress());
      }
      parts.lanes().offer(step, result, send, recorded);
      steps.add(
          new Step(
              step,
              gathered.last(),
              needs,
              needsFrom,
              gathered.afterOrdinal(),
              recorded,
              published));
    }
  }

  private StepResult result(StepInput.Gathered gathered) throws InterruptedException {
    workers.begin(stall::moved);
    try {
      return parts.runner().step(gathered.arrivals());
    } finally {
      workers.end();
    }
  }

  /** Waits for its first message, which is no stall. */
  void waits() {
    stall.moved();
  }

  /** Acknowledges what steps need no more whose outputs are persisted and committed. */
  void finish() {
    steps
        .finish(parts.lanes().committed())
        .ifPresent(
            below -> {
              acknowledgeBelow(below);
              steps.dropBelow(below);
              steps
                  .oldestRecord()
                  .filter(oldest -> keepFrom.isEmpty() || oldest.compareTo(keepFrom.get()) > 0)
                  .ifPresent(this::keepJournalFrom);
            });
    stall.at(steps);
  }

  /** Acknowledges all that no open window needs; only a closed journal allows it. */
  void acknowledgeNewest() {
    acknowledgeBelow(needsFrom);
  }

  private void acknowledgeBelow(long ordinal) {
    parts.input().track().acknowledgeBelow(ordinal).ifPresent(parts.topics()::acknowledge);
  }

  private void keepJournalFrom(Position oldest) {
    // The newest record on disk still names the old place: forget only what is before that.
    keepFrom
        .filter(old -> old.entry() > 0)
        .ifPresent(
            old -> parts.topics().forgetThrough(new Position(old.ledger(), old.entry() - 1)));
    keepFrom = Optional.of(oldest);
  }

  /** Returns what the task says about itself now, if all is well. */
  TaskReport report(TaskStatus.State state) {
    return new TaskReport(
        state,
        "",
        parts.spec().revision(),
        steps.finished(),
        counts,
        progress,
        parts.input().behind());
  }
}
