package io.sagitta.engine.run;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * Boundaries that cut time into pieces of one length, by the clock on the wall of a time zone.
 *
 * <p>A boundary is an instant at which that clock shows a multiple of the length, counted from a
 * Monday's midnight (1970-01-05). So pieces of a day last from midnight to midnight, be it 23 hours
 * or 25; pieces of an hour are an hour each, since the hour that is shown twice has two boundaries;
 * and weeks start on Mondays. Where the clock is put forward over a multiple, the boundary is the
 * moment at which it is put forward.
 */
final class Alignment {
  private static final long DAY = 86_400_000_000L;
  private static final long MONDAY = 4 * DAY;

  private final long size;
  private final ZoneRules rules;

  Alignment(Duration size, ZoneId zone) {
    this.size = Times.micros(size);
    this.rules = zone.getRules();
  }

  /** Returns the last boundary at or before {@code micros}. */
  long start(long micros) {
    long at = micros;
    while (true) {
      long offset = offset(at);
      long shown = floor(at + offset) - offset;
      ZoneOffsetTransition change = lastChange(at);
      if (change == null || shown >= micros(change)) {
        return shown;
      }
      // The clock was changed since it showed a multiple.
      long before = micros(change.getOffsetBefore());
      if (change.isGap() && floor(at + offset) >= micros(change) + before) {
        return micros(change); // what it showed is in the gap
      }
      at = micros(change) - 1;
    }
  }

  /** Returns the first boundary after the boundary {@code start}. */
  long end(long start) {
    long at = start;
    while (true) {
      long offset = offset(at);
      long shown = floor(at + offset) + size - offset;
      ZoneOffsetTransition change = nextChange(at);
      if (change == null || shown < micros(change)) {
        return shown;
      }
      at = micros(change);
      if (start(at) == at) {
        return at;
      }
    }
  }

  private long floor(long local) {
    return Math.floorDiv(local - MONDAY, size) * size + MONDAY;
  }

  private long offset(long micros) {
    return rules.isFixedOffset()
        ? micros(rules.getOffset(Instant.EPOCH))
        : micros(rules.getOffset(Times.instant(micros)));
  }

  /** Returns the last change of the clock at or before {@code micros}. */
  private @Nullable ZoneOffsetTransition lastChange(long micros) {
    return rules.isFixedOffset() ? null : rules.previousTransition(Times.instant(micros + 1));
  }

  private @Nullable ZoneOffsetTransition nextChange(long micros) {
    return rules.isFixedOffset() ? null : rules.nextTransition(Times.instant(micros));
  }

  private static long micros(ZoneOffset offset) {
    return offset.getTotalSeconds() * 1_000_000L;
  }

  private static long micros(ZoneOffsetTransition change) {
    return change.toEpochSecond() * 1_000_000L;
  }
}
