package io.sagitta.torture;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rows of one feeder: numbered without gaps, each with a key of the feeder's own, an event time
 * that moves on with all feeders' rows, and a hash over the rest.
 */
final class Rows {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final int KEYS = 20;
  private static final int STEP_MILLIS = 20;
  private static final int JITTER_MILLIS = 2_000;
  private static final int LATE_MINUTES = 10;

  private final String feeder;
  private final Random random;
  private final AtomicLong clock;
  private final Shape.Traits traits;
  private final List<Row> repeatable = new ArrayList<>();
  private long last;

  /**
   * Creates the rows of {@code feeder}.
   *
   * @param clock counts the rows of all feeders of a pipeline, which moves event time on
   */
  Rows(String feeder, long seed, AtomicLong clock, Shape.Traits traits) {
    this.feeder = feeder;
    this.random = new Random(seed * 31 + feeder.hashCode());
    this.clock = clock;
    this.traits = traits;
  }

  /** One row. */
  record Row(String feeder, long n, String key, Instant at, double amount, String hash) {

    /** Returns it as the gateway reads it. */
    String json() {
      return "{\"feeder\":\"%s\",\"n\":%d,\"k\":\"%s\",\"happened\":\"%s\",\"amount\":%s,\"hash\":\"%s\"}"
          .formatted(feeder, n, key, at, amount, hash);
    }
  }

  /** Returns the next rows; some may be repeats of earlier ones. */
  List<Row> next(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (traits.repeats() && !repeatable.isEmpty() && random.nextInt(50) == 0) {
        rows.add(repeatable.remove(random.nextInt(repeatable.size())));
      } else {
        Row row = fresh();
        rows.add(row);
        if (repeatable.size() < 100 && random.nextInt(10) == 0) {
          repeatable.add(row);
        }
      }
    }
    return rows;
  }

  private Row fresh() {
    long n = ++last;
    String key = feeder + "-" + random.nextInt(KEYS);
    long millis = clock.incrementAndGet() * STEP_MILLIS - random.nextInt(JITTER_MILLIS);
    Instant at = BEGIN.plusMillis(millis).plus(random.nextInt(1_000), ChronoUnit.MICROS);
    boolean late = random.nextInt(300) == 0;
    boolean bad = random.nextInt(200) == 0;
    if (traits.late() && late) {
      at = at.minus(LATE_MINUTES, ChronoUnit.MINUTES);
    }
    double amount = (1 + random.nextInt(4_000)) / 4.0;
    if (traits.bad() && bad) {
      amount = -amount;
    }
    return new Row(feeder, n, key, at, amount, hash(feeder, n, key, at, amount));
  }

  private static String hash(String feeder, long n, String key, Instant at, double amount) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
    String text = feeder + "|" + n + "|" + key + "|" + micros + "|" + Math.round(amount * 4);
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return String.format("%032x", new BigInteger(1, digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has MD5", e);
    }
  }
}
