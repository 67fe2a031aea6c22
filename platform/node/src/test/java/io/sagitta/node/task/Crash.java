package io.sagitta.node.task;

import java.util.Optional;

/** The end of a session as kill -9 or a broken connection brings it about. */
final class Crash extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("crash", null, false, false);
  }

  /** Returns whether {@code failure} is one, or follows from one. */
  static boolean is(Throwable failure) {
    Optional<Throwable> cause = Optional.of(failure);
    while (cause.isPresent() && !(cause.get() instanceof Crash)) {
      cause = Optional.ofNullable(cause.get().getCause());
    }
    return cause.isPresent();
  }
}
