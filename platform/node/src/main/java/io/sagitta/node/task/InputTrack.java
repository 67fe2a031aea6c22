package io.sagitta.node.task;

import io.sagitta.transport.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Which messages a task has taken and not yet acknowledged, numbered in their order for the engine.
 */
final class InputTrack {

  private record Taken(long ordinal, Position position) {}

  private final Deque<Taken> unacknowledged = new ArrayDeque<>();
  private long next;

  /** Numbers a message that was just received. */
  long take(Position position) {
    unacknowledged.addLast(new Taken(next, position));
    return next++;
  }

  /** Returns the number that the next message will get. */
  long nextOrdinal() {
    return next;
  }

  /** Returns where message {@code ordinal} stands; it must not be acknowledged. */
  Position position(long ordinal) {
    for (Taken taken : unacknowledged) {
      if (taken.ordinal() == ordinal) {
        return taken.position();
      }
    }
    throw new IllegalStateException("Message " + ordinal + " is acknowledged already");
  }

  /** Forgets all messages below {@code ordinal}; returns the last of them, to acknowledge it. */
  Optional<Position> acknowledgeBelow(long ordinal) {
    Optional<Position> last = Optional.empty();
    while (!unacknowledged.isEmpty() && unacknowledged.getFirst().ordinal() < ordinal) {
      last = Optional.of(unacknowledged.removeFirst().position());
    }
    return last;
  }
}
