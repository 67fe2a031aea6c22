package io.sagitta.control.quarantine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a pipeline's log of replays says: which rows went back, and what is yet to be sent. */
final class ReplayHistory {
  private final Map<Long, ReplayRecord> begun = new TreeMap<>();
  private final Map<Long, ReplayRecord> unsent = new TreeMap<>();
  private final Map<String, Long> numbers = new HashMap<>();
  private long last;

  ReplayHistory(List<ReplayRecord> log) {
    log.forEach(this::add);
  }

  void add(ReplayRecord entry) {
    last = Math.max(last, entry.number());
    if (entry.sent()) {
      unsent.remove(entry.number());
      begun.computeIfPresent(entry.number(), (number, known) -> known.withoutRows());
    } else {
      begun.put(entry.number(), entry);
      unsent.put(entry.number(), entry);
      entry.positions().forEach(position -> numbers.put(position, entry.number()));
    }
  }

  /** Returns the record by which the row at {@code position} went back. */
  Optional<ReplayRecord> of(String position) {
    return Optional.ofNullable(numbers.get(position)).map(begun::get);
  }

  /** Returns whether Pulsar is known to have the message of {@code entry}. */
  boolean isSent(ReplayRecord entry) {
    return !unsent.containsKey(entry.number());
  }

  /** Returns what was recorded and is not known to be sent, oldest first. */
  List<ReplayRecord> unsent() {
    return new ArrayList<>(unsent.values());
  }

  /** Returns the number of the next record. */
  long next() {
    return last + 1;
  }
}
