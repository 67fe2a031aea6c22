package io.sagitta.node.task;

import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What a new owner repeats: the recorded steps whose outcome may not be whole, and those before
 * them that open windows need, in their bounds.
 *
 * <p>Where it begins to read follows from the journal alone, never from what the broker hands out.
 */
final class Replay {
  private final Deque<ExclusiveLog.Entry<StepRecord>> entries;
  private final Position first;
  private final boolean gone;
  private final long finishedThrough;

  /**
   * Creates the replay.
   *
   * @param recorded all records that the journal keeps, oldest first
   * @param first where the oldest message stands that is there, read from {@link #start} on
   */
  Replay(List<ExclusiveLog.Entry<StepRecord>> recorded, Position first) {
    this.first = first;
    this.finishedThrough = finishedThrough(recorded);
    entries = needed(recorded);
    gone = !entries.isEmpty() && entries.getFirst().record().first().compareTo(first) < 0;
    dropBelow(entries, first);
  }

  /** Returns where the input is to be read from, after all that {@code recorded} says. */
  static PartitionReader.Start start(List<ExclusiveLog.Entry<StepRecord>> recorded) {
    if (recorded.isEmpty()) {
      return new PartitionReader.Start.Earliest();
    }
    StepRecord oldest = needed(recorded).getFirst().record();
    return oldest.closing()
        ? new PartitionReader.Start.After(oldest.last())
        : new PartitionReader.Start.At(oldest.first());
  }

  private static Deque<ExclusiveLog.Entry<StepRecord>> needed(
      List<ExclusiveLog.Entry<StepRecord>> recorded) {
    Deque<ExclusiveLog.Entry<StepRecord>> entries = new ArrayDeque<>(recorded);
    long finished = finishedThrough(recorded);
    recorded.stream()
        .map(ExclusiveLog.Entry::record)
        .filter(record -> record.step() > finished)
        .findFirst()
        .or(() -> newest(recorded))
        .ifPresent(record -> dropBelow(entries, record.needs()));
    return entries;
  }

  private static void dropBelow(Deque<ExclusiveLog.Entry<StepRecord>> entries, Position position) {
    while (entries.size() > 1 && entries.getFirst().record().last().compareTo(position) < 0) {
      entries.removeFirst();
    }
  }

  private static long finishedThrough(List<ExclusiveLog.Entry<StepRecord>> recorded) {
    return recorded.stream()
        .map(ExclusiveLog.Entry::record)
        .mapToLong(record -> record.closing() ? record.step() : record.finished())
        .max()
        .orElse(0);
  }

  /** Returns the newest record. */
  static Optional<StepRecord> newest(List<ExclusiveLog.Entry<StepRecord>> recorded) {
    return recorded.isEmpty()
        ? Optional.empty()
        : Optional.of(recorded.get(recorded.size() - 1).record());
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

  /** Returns the next step to repeat. */
  Optional<StepRecord> next() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getFirst().record());
  }

  /** Takes the step that {@link #next} gave. */
  ExclusiveLog.Entry<StepRecord> take() {
    return entries.removeFirst();
  }

  /**
   * Returns whether the step was finished: the journal says so, or a message that its outcome
   * depends on is gone, and that happens only after its outputs are persisted.
   */
  boolean finished(StepRecord record) {
    return record.step() <= finishedThrough || (gone && record.needs().compareTo(first) < 0);
  }
}
