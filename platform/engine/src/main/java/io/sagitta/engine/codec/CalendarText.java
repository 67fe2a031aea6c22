package io.sagitta.engine.codec;

import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Reads dates and instants as ISO 8601 has them: {@code 2001-01-01}, {@code 2001-01-01T00:01:00Z}.
 * A space may stand for the {@code T}, seconds may be left out, up to nine digits of a fraction are
 * cut to microseconds, offsets are {@code Z}, {@code +01:00}, {@code +0100} or {@code +01}. Without
 * an offset the instant is in UTC; without a time it is midnight. Years are 0001 to 9999.
 */
final class CalendarText {
  /** No date or instant. */
  static final long NONE = Long.MIN_VALUE;

  /** A date or instant, but not of the years 0001 to 9999. */
  static final long TOO_FAR = Long.MAX_VALUE;

  static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  static final long FIRST_MICROS =
      LocalDate.of(1, 1, 1).atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000;
  static final long LAST_MICROS =
      LocalDate.of(10_000, 1, 1).atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000 - 1;

  private static final int DATE_BYTES = 10;
  private static final int[] MONTH_DAYS = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private CalendarText() {}

  /** Returns days since 1970, {@link #NONE} or {@link #TOO_FAR}. */
  static long day(byte[] b, int from, int to) {
    return to - from == DATE_BYTES ? day(b, from) : noDay(b, from, to);
  }

  /** Returns microseconds since 1970 UTC, {@link #NONE} or {@link #TOO_FAR}. */
  static long instant(byte[] b, int from, int to) {
    if (to - from < DATE_BYTES) {
      return NONE;
    }
    long day = day(b, from);
    if (day == NONE || day == TOO_FAR) {
      return day == NONE ? noDay(b, from, to) : day;
    }
    int i = from + DATE_BYTES;
    if (i == to) {
      return day * 86_400_000_000L;
    }
    if ((b[i] != 'T' && b[i] != 't' && b[i] != ' ') || to - i < 6 || b[i + 3] != ':') {
      return NONE;
    }
    int hour = two(b, i + 1);
    int minute = two(b, i + 4);
    int second = 0;
    long fraction = 0;
    i += 6;
    if (to - i >= 3 && b[i] == ':') {
      second = two(b, i + 1);
      i += 3;
      if (i < to && b[i] == '.') {
        int end = fractionEnd(b, i + 1, to);
        fraction = micros(b, i + 1, end);
        i = end;
      }
    }
    long offset = offsetSeconds(b, i, to);
    if ((hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
      return NONE;
    }
    if (fraction == NONE || offset == NONE) {
      return NONE;
    }
    long seconds = day * 86_400 + hour * 3600L + minute * 60L + second - offset;
    long instant = seconds * 1_000_000 + fraction;
    return instant < FIRST_MICROS || instant > LAST_MICROS ? TOO_FAR : instant;
  }

  /** The day of the ten bytes at {@code i}, by Howard Hinnant's days_from_civil. */
  private static long day(byte[] b, int i) {
    int century = two(b, i);
    int ofCentury = two(b, i + 2);
    int month = two(b, i + 5);
    int day = two(b, i + 8);
    if ((century | ofCentury | month | day) < 0 || b[i + 4] != '-' || b[i + 7] != '-') {
      return NONE;
    }
    int year = century * 100 + ofCentury;
    boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12 || day < 1 || day > MONTH_DAYS[month]) {
      return NONE;
    }
    if (month == 2 && day == 29 && !leap) {
      return NONE;
    }
    if (year == 0) {
      return TOO_FAR;
    }
    int y = month <= 2 ? year - 1 : year; // years that begin in March
    int era = y / 400;
    int yearOfEra = y % 400;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468;
  }

  /** Tells a year beyond four digits, or a negative one, from what is no date at all. */
  private static long noDay(byte[] b, int from, int to) {
    int i = from;
    if (i < to && (b[i] == '-' || b[i] == '+')) {
      i++;
    }
    int digits = i;
    while (i < to && b[i] >= '0' && b[i] <= '9') {
      i++;
    }
    boolean year = i - digits > 4 || (i - digits == 4 && digits > from);
    return year && to - i >= 6 && b[i] == '-' && b[i + 3] == '-' ? TOO_FAR : NONE;
  }

  private static int fractionEnd(byte[] b, int from, int to) {
    int i = from;
    while (i < to && b[i] >= '0' && b[i] <= '9') {
      i++;
    }
    return i;
  }

  private static long micros(byte[] b, int from, int to) {
    if (to == from || to - from > 9) {
      return NONE;
    }
    long micros = 0;
    for (int k = 0; k < 6; k++) {
      micros = micros * 10 + (from + k < to ? b[from + k] - '0' : 0);
    }
    return micros;
  }

  private static long offsetSeconds(byte[] b, int from, int to) {
    int bytes = to - from;
    if (bytes == 0 || (bytes == 1 && (b[from] | 0x20) == 'z')) {
      return 0;
    }
    boolean colon = bytes == 6 && b[from + 3] == ':';
    if ((b[from] != '+' && b[from] != '-') || (bytes != 3 && bytes != 5 && !colon)) {
      return NONE;
    }
    int hours = two(b, from + 1);
    int minutes = bytes == 3 ? 0 : two(b, to - 2);
    if ((hours | minutes) < 0 || hours > 18 || minutes > 59) {
      return NONE;
    }
    int seconds = hours * 3600 + minutes * 60;
    return b[from] == '-' ? -seconds : seconds;
  }

  /** Two digits as a number; negative if they are none. */
  private static int two(byte[] b, int i) {
    int tens = b[i] - '0';
    int ones = b[i + 1] - '0';
    return (tens | ones) < 0 || tens > 9 || ones > 9 ? -1 : tens * 10 + ones;
  }
}
