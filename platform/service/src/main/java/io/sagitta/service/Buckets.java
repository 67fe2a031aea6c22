package io.sagitta.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Buckets of tokens, one for each key: a full one holds so many, and gets one back in each
 * interval. Those that were not looked at for longest are forgotten beyond a bound, and are full
 * again. Thread-safe.
 *
 * @param <K> whose buckets they are
 */
public final class Buckets<K> {
  private static final int MOST_KEYS = 20_000;

  private final int most;
  private final long intervalNanos;
  private final LongSupplier nanos;
  private final Map<K, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Bucket> eldest) {
          return size() > MOST_KEYS;
        }
      };

  /** How much was in a bucket, and when. */
  private record Bucket(double left, long nanos) {}

  /**
   * Creates full ones.
   *
   * @param most tokens of a full bucket
   * @param interval until the next token
   * @param nanos a clock that never goes back
   */
  public Buckets(int most, Duration interval, LongSupplier nanos) {
    this.most = most;
    this.intervalNanos = interval.toNanos();
    this.nanos = nanos;
  }

  /** Returns how long it takes until {@code key} has a token; zero if it has one now. */
  public synchronized Duration untilNext(K key) {
    return Duration.ofNanos((long) (Math.max(0, 1 - left(key)) * intervalNanos));
  }

  /** Takes a token of {@code key}, if it has one; returns whether it had. */
  public synchronized boolean take(K key) {
    double left = left(key);
    if (left < 1) {
      return false;
    }
    buckets.put(key, new Bucket(left - 1, nanos.getAsLong()));
    return true;
  }

  /** Gives a token back that was taken. */
  public synchronized void give(K key) {
    buckets.put(key, new Bucket(left(key) + 1, nanos.getAsLong()));
  }

  /** Fills the bucket of {@code key}. */
  public synchronized void fill(K key) {
    buckets.remove(key);
  }

  private double left(K key) {
    Bucket bucket = buckets.get(key);
    return bucket == null
        ? most
        : Math.min(
            most, bucket.left() + (nanos.getAsLong() - bucket.nanos()) / (double) intervalNanos);
  }
}
