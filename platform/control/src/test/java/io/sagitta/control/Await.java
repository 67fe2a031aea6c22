package io.sagitta.control;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what happens elsewhere, and fails if it does not. */
final class Await {
  private static final Duration BOUND = Duration.ofSeconds(30);

  private Await() {}

  /** Asks {@code question} until it has an answer. */
  static <T> T answer(String what, Callable<Optional<T>> question) throws Exception {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (true) {
      Optional<T> answer = question.call();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not within " + BOUND.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Asks {@code condition} until it holds. */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    answer(what, () -> condition.call() ? Optional.of(true) : Optional.empty());
  }
}
