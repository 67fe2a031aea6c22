package io.sagitta.node.task;

import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The journal of one task. */
final class MemoryJournal {
  private final Chance chance;
  private final List<ExclusiveLog.Entry<StepRecord>> kept = new ArrayList<>();
  private long appended;
  private Position next = new Position(7, 0);
  private Position forgotten = new Position(-1, -1);

  MemoryJournal(Chance chance) {
    this.chance = chance;
  }

  Position append(StepRecord step) {
    appended++;
    Position at = next;
    kept.add(new ExclusiveLog.Entry<>(at, step));
    next = chance.oneIn(6) ? new Position(at.ledger() + 1, 0) : at.next();
    return at;
  }

  void forgetThrough(Position through) {
    forgotten = through.compareTo(forgotten) > 0 ? through : forgotten;
  }

  /** Deletes what may be forgotten, as Pulsar does some time: here but for the newest record. */
  void trim() {
    while (kept.size() > 1 && kept.get(0).position().compareTo(forgotten) <= 0) {
      kept.remove(0);
    }
  }

  /** As {@link Replay#recorded}. */
  List<ExclusiveLog.Entry<StepRecord>> recorded() {
    if (kept.isEmpty()) {
      return List.of();
    }
    Optional<Position> from = kept.get(kept.size() - 1).record().keepFrom();
    return kept.stream()
        .filter(entry -> from.isEmpty() || entry.position().compareTo(from.get()) >= 0)
        .toList();
  }

  /** Returns how many records there ever were. */
  long appended() {
    return appended;
  }
}
