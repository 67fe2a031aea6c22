package io.sagitta.node.task;

import io.sagitta.transport.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The steps whose input is not wholly acknowledged, oldest first, and the rule of what may be
 * acknowledged.
 *
 * <p>A step is finished when its outputs are persisted and its sinks have committed. After that the
 * input may go up to the oldest message that an open window needs, but never the messages that the
 * newest recorded step was made of, those of windows that it closed among them: a new owner repeats
 * that one to learn where the task stands.
 */
final class StepQueue {
  private final Deque<Step> steps = new ArrayDeque<>();
  private long finished;

  void add(Step step) {
    if (steps.isEmpty() && finished == 0) {
      finished = step.number() - 1;
    }
    steps.addLast(step);
  }

  /** Notes that all steps up to {@code number} are finished. */
  void startAfter(long number) {
    finished = Math.max(finished, number);
  }

  /** Returns the number of the last step up to which all are finished. */
  long finished() {
    return finished;
  }

  /** Returns how many steps have outputs that are not persisted. */
  int unpublished() {
    int count = 0;
    Iterator<Step> newestFirst = steps.descendingIterator();
    while (newestFirst.hasNext() && !newestFirst.next().published().isDone()) {
      count++;
    }
    return count;
  }

  /** Returns the newest step; empty if this session has made none. */
  Optional<Step> last() {
    return Optional.ofNullable(steps.peekLast());
  }

  /** Returns whether every step is finished. */
  boolean allFinished() {
    return steps.isEmpty() || steps.getLast().number() <= finished;
  }

  /**
   * Marks steps as finished.
   *
   * @param committed the last step that all sinks have committed
   * @return the ordinal below which messages may be acknowledged
   * @throws java.util.concurrent.CompletionException if an output failed
   */
  Optional<Long> finish(long committed) {
    Optional<Long> bound = Optional.empty();
    Iterator<Step> oldestFirst = steps.iterator();
    while (oldestFirst.hasNext()) {
      Step step = oldestFirst.next();
      if (step.number() <= finished) {
        continue;
      }
      if (step.number() > committed || !step.published().isDone()) {
        break;
      }
      step.published().join();
      finished = step.number();
      bound = Optional.of(step.needsFrom());
    }
    return bound.map(b -> Math.min(b, newestRecorded()));
  }

  private long newestRecorded() {
    long needed = steps.getFirst().needs();
    for (Step step : steps) {
      if (step.recorded().isDone()) {
        needed = step.needs();
      }
    }
    return needed;
  }

  /** Drops finished steps whose messages are all acknowledged; the newest step stays. */
  void dropBelow(long ordinal) {
    while (steps.size() > 1
        && steps.getFirst().number() <= finished
        && steps.getFirst().afterOrdinal() <= ordinal) {
      steps.removeFirst();
    }
  }

  /** Returns the place of the oldest record that a new owner would need, if it is known. */
  Optional<Position> oldestRecord() {
    return steps.isEmpty() || !steps.getFirst().recorded().isDone()
        ? Optional.empty()
        : Optional.of(steps.getFirst().recorded().join());
  }
}
