package io.sagitta.node.task;

import java.util.List;
import java.util.Random;

/** What happens when, as a seed says; after {@link #calm} nothing goes wrong any more. */
final class Chance {
  private static final int MOST_CRASHES = 8;

  /** A crash seldom comes alone: for so many calls the next one is likely. */
  private static final int SHAKEN = 40;

  private static final int SHAKEN_ONE_IN = 20;

  private final Random random;
  private final int crashOneIn;
  private int crashes;
  private int shaken;
  private boolean calm;

  Chance(long seed) {
    // Neighbouring seeds begin alike otherwise.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    crashOneIn = List.of(25, 60, 150, Integer.MAX_VALUE).get(random.nextInt(4));
  }

  void calm() {
    calm = true;
  }

  boolean isCalm() {
    return calm;
  }

  /** Returns a number from 0 on, below {@code bound}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Returns whether something goes wrong here that does about once in {@code n} times. */
  boolean trouble(int n) {
    return !calm && random.nextInt(n) == 0;
  }

  /** Returns whether something is held up here that goes on once in {@code n} times. */
  boolean hindrance(int n) {
    return !calm && random.nextInt(n) > 0;
  }

  /** Returns whether the session that asks ends here. */
  boolean crash() {
    int oneIn = shaken > 0 ? Math.min(crashOneIn, SHAKEN_ONE_IN) : crashOneIn;
    boolean now = !calm && crashes < MOST_CRASHES && random.nextInt(oneIn) == 0;
    crashes += now ? 1 : 0;
    shaken = now ? SHAKEN : shaken - 1;
    return now;
  }

  int crashes() {
    return crashes;
  }
}
