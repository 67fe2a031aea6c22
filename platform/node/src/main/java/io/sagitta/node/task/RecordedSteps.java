package io.sagitta.node.task;

import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.Position;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * The first part of a session: repeats the steps that the journal recorded, in their bounds, until
 * the task stands where its last owner left it.
 */
final class RecordedSteps {
  private final TaskParts parts;
  private final StepWork work;
  private final List<ExclusiveLog.Entry<StepRecord>> recorded;

  /**
   * Creates one; {@link #repeat} begins.
   *
   * @param recorded all records that a new owner needs, oldest first
   */
  RecordedSteps(TaskParts parts, StepWork work, List<ExclusiveLog.Entry<StepRecord>> recorded) {
    this.parts = parts;
    this.work = work;
    this.recorded = List.copyOf(recorded);
  }

  /** Repeats them; returns whether the session goes on. */
  boolean repeat(BooleanSupplier active) throws InterruptedException {
    StepInput input = parts.input();
    Optional<Position> first = input.peek();
    while (first.isEmpty()) {
      if (!active.getAsBoolean()) {
        return false;
      }
      parts.idle().nothingCame();
      work.waits();
      first = input.peek();
    }
    Replay replay = new Replay(recorded, first.get());
    replay.next().ifPresent(record -> parts.runner().restore(record.upstreams()));
    while (replay.next().isPresent()) {
      if (!active.getAsBoolean()) {
        return false;
      }
      repeat(replay.take(), replay);
    }
    return true;
  }

  private void repeat(ExclusiveLog.Entry<StepRecord> entry, Replay replay)
      throws InterruptedException {
    StepRecord record = entry.record();
    work.resume(record);
    if (record.closing()) {
      work.steps().startAfter(record.step());
      return;
    }
    boolean finished = replay.finished(record);
    if (!finished) {
      // What a head remembers does not depend on tables, so a finished step goes without its own.
      parts.tables().become(parts.runner(), record.tables());
    }
    StepInput.Gathered gathered = parts.input().gatherThrough(record.last());
    parts.idle().saw(gathered);
    work.compute(gathered, CompletableFuture.completedFuture(entry.position()), !finished);
    work.finish();
  }
}
