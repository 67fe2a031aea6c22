package io.sagitta.service.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * Bounds how many denials are written, so that whoever knocks without end cannot fill the disk.
 * Each caller has a bound of its own, and all who prove nothing have one together: so nobody can
 * hide what another does. What is not written is counted. Thread-safe.
 */
public final class DenialBound {
  private static final int BURST = 20;
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final int MOST_CALLERS = 1_000;
  private static final String OTHERS = "(others)";

  private final Map<String, Bucket> buckets = new HashMap<>();

  /** What is left for one caller. */
  private static final class Bucket {
    private double left = BURST;
    private long since;
    private long unwritten;

    private Bucket(long now) {
      this.since = now;
    }

    private boolean take(long nanos) {
      left = Math.min(BURST, left + (nanos - since) / (double) EACH.toNanos());
      since = nanos;
      if (left < 1) {
        unwritten++;
        return false;
      }
      left--;
      return true;
    }

    private boolean isIdle(long nanos) {
      return unwritten == 0 && left + (nanos - since) / (double) EACH.toNanos() >= BURST;
    }
  }

  /**
   * Takes a denial of {@code who} at {@code nanos}.
   *
   * @return how many denials its record stands for, itself among them; empty if it is only counted
   */
  public synchronized OptionalLong take(String who, long nanos) {
    if (buckets.size() >= MOST_CALLERS && !buckets.containsKey(who)) {
      buckets.values().removeIf(bucket -> bucket.isIdle(nanos));
    }
    String key = buckets.size() < MOST_CALLERS || buckets.containsKey(who) ? who : OTHERS;
    Bucket bucket = buckets.computeIfAbsent(key, k -> new Bucket(nanos));
    if (!bucket.take(nanos)) {
      return OptionalLong.empty();
    }
    long times = 1 + bucket.unwritten;
    bucket.unwritten = 0;
    return OptionalLong.of(times);
  }

  /**
   * Gives {@code taker} each caller and the number of its denials that no record stands for yet.
   */
  public synchronized void drain(BiConsumer<String, Long> taker) {
    buckets.forEach(
        (who, bucket) -> {
          if (bucket.unwritten > 0) {
            taker.accept(who, bucket.unwritten);
            bucket.unwritten = 0;
          }
        });
  }
}
