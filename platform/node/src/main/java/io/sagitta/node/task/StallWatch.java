package io.sagitta.node.task;

import java.time.Duration;

/**
 * How long a task has not moved: it moves when it finishes a step, and while it has none to finish.
 * One thread moves it, another one asks.
 */
final class StallWatch {
  private volatile long movedNanos = System.nanoTime();
  private long finished = -1;

  /** Notes that nothing holds the task up now. */
  void moved() {
    movedNanos = System.nanoTime();
  }

  /** Notes where the task stands. */
  void at(StepQueue steps) {
    if (steps.allFinished() || steps.finished() != finished) {
      finished = steps.finished();
      moved();
    }
  }

  /** Returns how long ago it moved. */
  Duration still() {
    return Duration.ofNanos(System.nanoTime() - movedNanos);
  }
}
