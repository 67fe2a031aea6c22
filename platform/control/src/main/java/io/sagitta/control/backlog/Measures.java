package io.sagitta.control.backlog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How much waited when, over the last seconds. Thread-safe. */
final class Measures {
  private static final Duration SPAN = Duration.ofSeconds(20);

  private final Deque<Measure> recent = new ArrayDeque<>();

  private record Measure(Instant at, long bytes) {}

  synchronized void add(Instant at, long bytes) {
    recent.addLast(new Measure(at, bytes));
    // The oldest stays until the next one is old enough, so that there are always two.
    while (recent.size() > 2 && secondOldest().at().isBefore(at.minus(SPAN))) {
      recent.removeFirst();
    }
  }

  private Measure secondOldest() {
    return recent.stream().skip(1).findFirst().orElseThrow();
  }

  /** Returns what waited last; empty if nothing was measured. */
  synchronized Optional<Long> bytes() {
    return Optional.ofNullable(recent.peekLast()).map(Measure::bytes);
  }

  /** Returns when nothing will wait any more; empty if it does not shrink. */
  synchronized Optional<Double> drainedInSeconds() {
    if (recent.size() < 2) {
      return Optional.empty();
    }
    Measure first = recent.getFirst();
    Measure last = recent.getLast();
    double seconds = Duration.between(first.at(), last.at()).toNanos() / 1e9;
    double shrunk = first.bytes() - last.bytes();
    return seconds <= 0 || shrunk <= 0
        ? Optional.empty()
        : Optional.of(last.bytes() * seconds / shrunk);
  }
}
