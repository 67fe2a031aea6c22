package io.sagitta.engine.run;

import io.sagitta.engine.Counts;
import java.util.HashMap;
import java.util.Map;

/** What a step changes in the counts of each source and stage. */
final class Ledger {
  private final Map<String, Counts> changes = new HashMap<>();

  /** A figure of {@link Counts}. */
  enum Figure {
    IN,
    OUT,
    FILTERED,
    DUPLICATES,
    QUARANTINED,
    LATE,
    HELD
  }

  void add(String stage, Figure figure, long rows) {
    Counts change =
        switch (figure) {
          case IN -> new Counts(rows, 0, 0, 0, 0, 0, 0);
          case OUT -> new Counts(0, rows, 0, 0, 0, 0, 0);
          case FILTERED -> new Counts(0, 0, rows, 0, 0, 0, 0);
          case DUPLICATES -> new Counts(0, 0, 0, rows, 0, 0, 0);
          case QUARANTINED -> new Counts(0, 0, 0, 0, rows, 0, 0);
          case LATE -> new Counts(0, 0, 0, 0, 0, rows, 0);
          case HELD -> new Counts(0, 0, 0, 0, 0, 0, rows);
        };
    changes.merge(stage, change, Counts::plus);
  }

  /** Returns the changes since it was last called, and forgets them. */
  Map<String, Counts> take() {
    Map<String, Counts> taken = Map.copyOf(changes);
    changes.clear();
    return taken;
  }
}
