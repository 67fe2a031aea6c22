package io.sagitta.engine.codec;

import java.time.LocalDate;

/** Days and microseconds since 1970 UTC as text, ISO 8601. */
final class Calendar {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  private Calendar() {}

  /** Writes an instant such as {@code 2001-01-01T00:01:00Z}; microseconds only if there are any. */
  static void instant(long micros, ByteSink sink) {
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    int fraction = (int) Math.floorMod(micros, MICROS_PER_SECOND);
    day(Math.floorDiv(seconds, SECONDS_PER_DAY), sink);
    int ofDay = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
    sink.put('T').digits(ofDay / 3600, 2);
    sink.put(':').digits(ofDay / 60 % 60, 2);
    sink.put(':').digits(ofDay % 60, 2);
    if (fraction != 0) {
      sink.put('.').digits(fraction, 6);
    }
    sink.put('Z');
  }

  /** Writes a date such as {@code 2001-01-01}. */
  static void day(long epochDay, ByteSink sink) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    if (date.getYear() < 0 || date.getYear() > 9999) {
      sink.ascii(date.toString());
      return;
    }
    sink.digits(date.getYear(), 4).put('-').digits(date.getMonthValue(), 2);
    sink.put('-').digits(date.getDayOfMonth(), 2);
  }
}
