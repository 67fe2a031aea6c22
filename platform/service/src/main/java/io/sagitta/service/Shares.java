package io.sagitta.service;

import java.util.HashMap;
import java.util.Map;

/** Places that many share, and of which nobody may have more than a part. Thread-safe. */
public final class Shares {
  private final int most;
  private final int mostOfOne;
  private final Map<String, Integer> taken = new HashMap<>();
  private int takenByAll;

  /**
   * Creates free ones.
   *
   * @param most places of all together
   * @param mostOfOne places that one of them may have
   */
  public Shares(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** Takes {@code places} for {@code who}, all or none; returns whether there were so many. */
  public synchronized boolean take(String who, int places) {
    int had = taken(who);
    if (takenByAll + places > most || had + places > mostOfOne) {
      return false;
    }
    takenByAll += places;
    taken.put(who, had + places);
    return true;
  }

  /** Gives back {@code places} that {@code who} took. */
  public synchronized void give(String who, int places) {
    takenByAll -= places;
    taken.computeIfPresent(who, (name, had) -> had == places ? null : had - places);
  }

  /** Returns how many places {@code who} has. */
  public synchronized int taken(String who) {
    return taken.getOrDefault(who, 0);
  }

  /** Returns how many places all have together. */
  public synchronized int taken() {
    return takenByAll;
  }

  /** Returns how many places there are. */
  public int most() {
    return most;
  }

  /** Returns how many places one may have. */
  public int mostOfOne() {
    return mostOfOne;
  }
}
