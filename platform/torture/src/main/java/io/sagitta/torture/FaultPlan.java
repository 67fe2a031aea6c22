package io.sagitta.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * What is done to the platform, and when: one fault after the other, the same for the same seed.
 *
 * <p>Faults come in rounds; in each round every kind comes once, in an order of its own. The first
 * round is always whole, however long that takes.
 *
 * @param faults in order
 */
record FaultPlan(List<Planned> faults) {
  private static final int LEAST_PAUSE_MILLIS = 2_000;
  private static final int MOST_PAUSE_MILLIS = 9_000;

  FaultPlan {
    faults = List.copyOf(faults);
  }

  /**
   * One fault.
   *
   * @param pause how long all is left alone before it
   * @param target a number that picks one of those that it may hit
   * @param lasts how long until it is undone
   */
  record Planned(FaultKind kind, Duration pause, int target, Duration lasts) {}

  /** Returns the plan of {@code seed}: whole rounds that together last at least {@code atLeast}. */
  static FaultPlan of(long seed, Collection<FaultKind> kinds, Duration atLeast) {
    Random random = new Random(seed);
    List<Planned> faults = new ArrayList<>();
    Duration length = Duration.ZERO;
    while (!kinds.isEmpty() && (faults.isEmpty() || length.compareTo(atLeast) < 0)) {
      List<FaultKind> round = new ArrayList<>(new TreeSet<>(kinds));
      Collections.shuffle(round, random);
      for (FaultKind kind : round) {
        Planned planned =
            new Planned(
                kind,
                Duration.ofMillis(between(random, LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS)),
                random.nextInt(1_000),
                Duration.ofMillis(
                    between(random, kind.leastSeconds() * 1_000, kind.mostSeconds() * 1_000)));
        faults.add(planned);
        length = length.plus(planned.pause()).plus(planned.lasts());
      }
    }
    return new FaultPlan(faults);
  }

  private static int between(Random random, int least, int most) {
    return least + random.nextInt(most - least + 1);
  }
}
