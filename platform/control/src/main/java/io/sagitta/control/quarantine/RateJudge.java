package io.sagitta.control.quarantine;

import io.sagitta.engine.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * Judges whether too many of the rows that came to a stage lately went to quarantine: over the last
 * five minutes, or since it first looked, and only if enough rows came to say so. Late rows do not
 * count: they say nothing of the rows' worth.
 */
final class RateJudge {
  static final Duration SPAN = Duration.ofMinutes(5);
  static final long LEAST_ROWS = 1000;

  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(Instant at, Map<String, Counts> counts) {}

  /**
   * A stage with too many bad rows.
   *
   * @param came rows that came to it
   * @param quarantined how many of them it refused
   */
  record Verdict(String stage, long came, long quarantined) {}

  /**
   * Returns the worst stage that is over {@code maxRatio}, if there is one.
   *
   * @param counts the ledger at {@code now}, by stage
   */
  Optional<Verdict> judge(Instant now, Map<String, Counts> counts, double maxRatio) {
    remember(now, counts);
    Map<String, Counts> before = samples.getFirst().counts();
    Optional<Verdict> worst = Optional.empty();
    for (Map.Entry<String, Counts> stage : counts.entrySet()) {
      Counts from = before.getOrDefault(stage.getKey(), Counts.ZERO);
      long came = stage.getValue().in() - from.in();
      long bad = stage.getValue().quarantined() - from.quarantined();
      boolean over = came >= LEAST_ROWS && bad > came * maxRatio;
      if (over && worst.map(w -> bad * w.came() > w.quarantined() * came).orElse(true)) {
        worst = Optional.of(new Verdict(stage.getKey(), came, bad));
      }
    }
    return worst;
  }

  private void remember(Instant now, Map<String, Counts> counts) {
    if (!samples.isEmpty() && fell(samples.getLast().counts(), counts)) {
      // Other tasks count from the start: the pipeline was deleted and applied anew.
      samples.clear();
    }
    if (samples.isEmpty() || !samples.getLast().at().plus(BETWEEN).isAfter(now)) {
      samples.addLast(new Sample(now, Map.copyOf(counts)));
    }
    while (samples.size() > 1 && samples.getFirst().at().isBefore(now.minus(SPAN))) {
      samples.removeFirst();
    }
  }

  private static boolean fell(Map<String, Counts> before, Map<String, Counts> now) {
    return before.entrySet().stream()
        .anyMatch(e -> now.getOrDefault(e.getKey(), Counts.ZERO).in() < e.getValue().in());
  }
}
