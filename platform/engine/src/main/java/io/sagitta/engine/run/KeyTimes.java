package io.sagitta.engine.run;

import java.util.Arrays;

/**
 * The greatest event time by key, keys as 128-bit hashes: open addressing with linear probing in
 * three arrays, 24 bytes a slot, at most three quarters of them taken.
 *
 * <p>Entries are forgotten by time. A forgotten entry counts as absent at once; its slot is freed
 * when the table would have to grow.
 */
final class KeyTimes {
  /** Event time of a free slot, which no row has. */
  private static final long FREE = Long.MIN_VALUE;

  private static final int SLOT_BYTES = 24;

  private long[] high = new long[1024];
  private long[] low = new long[1024];
  private long[] times = free(1024);
  private int taken;

  /**
   * Notes that a key was seen.
   *
   * @param forgotten entries up to this event time are forgotten
   * @return whether the key was unknown, or forgotten
   */
  boolean see(long keyHigh, long keyLow, long micros, long forgotten) {
    int slot = slot(keyHigh, keyLow);
    if (times[slot] == FREE) {
      if (taken >= times.length / 4 * 3) {
        rebuild(forgotten);
        slot = slot(keyHigh, keyLow);
      }
      taken++;
      high[slot] = keyHigh;
      low[slot] = keyLow;
      times[slot] = micros;
      return true;
    }
    boolean isNew = times[slot] <= forgotten;
    times[slot] = isNew ? micros : Math.max(times[slot], micros);
    return isNew;
  }

  private int slot(long keyHigh, long keyLow) {
    int mask = times.length - 1;
    int slot = (int) keyLow & mask;
    while (times[slot] != FREE && (low[slot] != keyLow || high[slot] != keyHigh)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void rebuild(long forgotten) {
    long[] oldHigh = high;
    long[] oldLow = low;
    long[] oldTimes = times;
    int kept = 0;
    for (long time : oldTimes) {
      kept += time > forgotten ? 1 : 0; // a free slot's is never greater
    }
    int slots = Math.max(1024, Integer.highestOneBit(Math.max(kept, 1)) * 4);
    high = new long[slots];
    low = new long[slots];
    times = free(slots);
    taken = kept;
    for (int i = 0; i < oldTimes.length; i++) {
      if (oldTimes[i] > forgotten) {
        int slot = slot(oldHigh[i], oldLow[i]);
        high[slot] = oldHigh[i];
        low[slot] = oldLow[i];
        times[slot] = oldTimes[i];
      }
    }
  }

  private static long[] free(int slots) {
    long[] times = new long[slots];
    Arrays.fill(times, FREE);
    return times;
  }

  /** Returns how many slots are taken, by forgotten keys too. */
  int taken() {
    return taken;
  }

  /** Returns the memory that the table takes. */
  long bytes() {
    return (long) SLOT_BYTES * times.length;
  }
}
