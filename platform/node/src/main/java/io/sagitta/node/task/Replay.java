package io.sagitta.node.task;

import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a new owner repeats: the recorded steps that are not wholly acknowledged, in their bounds.
 */
final class Replay {
  private final Deque<ExclusiveLog.Entry<StepRecord>> entries;
  private final Position acknowledgedBefore;
  private final Optional<Position> skipBefore;
  private final long closedThrough;

  /**
   * Creates the replay for an input whose oldest unacknowledged message is at {@code first}.
   *
   * @param recorded all records that the journal keeps, oldest first
   */
  Replay(List<ExclusiveLog.Entry<StepRecord>> recorded, Position first) {
    entries = new ArrayDeque<>(recorded);
    while (entries.size() > 1 && entries.getFirst().record().last().compareTo(first) < 0) {
      entries.removeFirst();
    }
    acknowledgedBefore = first;
    closedThrough =
        recorded.stream()
            .map(ExclusiveLog.Entry::record)
            .filter(StepRecord::closing)
            .mapToLong(StepRecord::step)
            .max()
            .orElse(0);
    // The broker may have forgotten an acknowledgement; the journal has not: what lies before its
    // oldest record was finished.
    skipBefore =
        entries.isEmpty() ? Optional.empty() : Optional.of(entries.getFirst().record().first());
  }

  /** Returns the records of {@code journal} that a new owner needs, oldest first. */
  static List<ExclusiveLog.Entry<StepRecord>> recorded(ExclusiveLog<StepRecord> journal)
      throws InterruptedException {
    Optional<ExclusiveLog.Entry<StepRecord>> last = journal.last();
    return last.isEmpty()
        ? List.of()
        : journal.read(last.get().record().keepFrom(), last.get().position());
  }

  /**
   * Returns the revision that recorded steps after the last orderly stop: they are to be repeated
   * with its definition. All of them are of one, since a session closes the journal before the next
   * one begins with another.
   *
   * @param last the newest record
   */
  static Optional<Long> unfinishedRevision(Optional<StepRecord> last) {
    return last.filter(record -> !record.closing()).map(StepRecord::revision);
  }

  /**
   * Returns whether the message at {@code position} belongs to a step that was finished long ago.
   */
  boolean skips(Position position) {
    return skipBefore.isPresent() && position.compareTo(skipBefore.get()) < 0;
  }

  /** Returns the next step to repeat. */
  Optional<StepRecord> next() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getFirst().record());
  }

  /** Takes the step that {@link #next} gave. */
  ExclusiveLog.Entry<StepRecord> take() {
    return entries.removeFirst();
  }

  /**
   * Returns whether the step was finished: its owner stopped in order after it; or a message that
   * its outcome depends on is acknowledged, and that happens only after its outputs are persisted.
   */
  boolean finished(StepRecord record) {
    return record.step() <= closedThrough || record.needs().compareTo(acknowledgedBefore) < 0;
  }
}
