package io.sagitta.engine.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * A number as JSON writes it, taken apart: sign, decimal digits, power of ten. Reused from number
 * to number; not thread-safe.
 */
final class NumberText {
  private static final int LONG_DIGITS = 18; // that always fit a long
  private static final long EXACT_DOUBLE = 1L << 53;
  private static final long EXACT_FLOAT = 1L << 24;
  private static final int MAX_EXPONENT = 100_000;
  private static final int MAX_BYTES = 1000; // as Jackson has it; longer ones take quadratic time
  private static final double[] DOUBLE_POWERS = new double[23]; // those a double holds exactly
  private static final float[] FLOAT_POWERS = new float[11];

  static {
    for (int i = 0; i < DOUBLE_POWERS.length; i++) {
      DOUBLE_POWERS[i] = Double.parseDouble("1e" + i);
    }
    for (int i = 0; i < FLOAT_POWERS.length; i++) {
      FLOAT_POWERS[i] = Float.parseFloat("1e" + i);
    }
  }

  private byte[] bytes = {};
  private int from;
  private int to;
  private boolean negative;
  private int digits;
  private long mantissa;
  private int exponent;

  /**
   * Reads the number at {@code start}; JSON's grammar.
   *
   * @return the position behind it, or -1 if there is none
   */
  int read(byte[] source, int start, int end) {
    bytes = source;
    from = start;
    int i = start;
    negative = i < end && source[i] == '-';
    if (negative) {
      i++;
    }
    int whole = i;
    mantissa = 0;
    digits = 0;
    exponent = 0;
    i = digits(source, i, end);
    if (i == whole || (i - whole > 1 && source[whole] == '0')) {
      return -1;
    }
    if (i < end && source[i] == '.') {
      int point = ++i;
      i = digits(source, i, end);
      if (i == point) {
        return -1;
      }
      exponent = point - i;
    }
    if (i < end && (source[i] | 0x20) == 'e') {
      i = exponent(source, i + 1, end);
    }
    to = i;
    return i - start > MAX_BYTES ? -1 : i;
  }

  private int digits(byte[] source, int start, int end) {
    int i = start;
    long value = mantissa;
    for (; i < end; i++) {
      int digit = source[i] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit; // overflows beyond 18 digits, where nobody looks at it
    }
    mantissa = value;
    digits += i - start;
    return i;
  }

  private int exponent(byte[] source, int start, int end) {
    int i = start;
    boolean minus = i < end && source[i] == '-';
    if (i < end && (source[i] == '-' || source[i] == '+')) {
      i++;
    }
    int first = i;
    int value = 0;
    for (; i < end && source[i] >= '0' && source[i] <= '9'; i++) {
      value = Math.min(value * 10 + (source[i] - '0'), 10 * MAX_EXPONENT);
    }
    exponent += minus ? -value : value;
    return i == first ? -1 : i;
  }

  /** Returns whether the number is written as an integer that {@link #toLong} holds. */
  boolean isPlainLong() {
    return exponent == 0 && digits <= LONG_DIGITS;
  }

  long toLong() {
    return negative ? -mantissa : mantissa;
  }

  /**
   * Returns whether the number times 10<sup>{@code scale}</sup> is written as an integer of at most
   * {@code precision} digits that {@link #toUnscaled} holds.
   */
  boolean isPlainDecimal(int precision, int scale) {
    int zeros = scale + exponent;
    return exponent <= 0 && zeros >= 0 && digits + zeros <= Math.min(precision, LONG_DIGITS);
  }

  long toUnscaled(int scale) {
    long unscaled = toLong();
    for (int zeros = scale + exponent; zeros > 0; zeros--) {
      unscaled *= 10;
    }
    return unscaled;
  }

  double toDouble() {
    if (digits <= LONG_DIGITS && mantissa <= EXACT_DOUBLE && Math.abs(exponent) <= 22) {
      double power = DOUBLE_POWERS[Math.abs(exponent)];
      double value = exponent < 0 ? mantissa / power : mantissa * power;
      return negative ? -value : value;
    }
    return Double.parseDouble(text());
  }

  float toFloat() {
    if (digits <= LONG_DIGITS && mantissa <= EXACT_FLOAT && Math.abs(exponent) <= 10) {
      float power = FLOAT_POWERS[Math.abs(exponent)];
      float value = exponent < 0 ? mantissa / power : mantissa * power;
      return negative ? -value : value;
    }
    return Float.parseFloat(text());
  }

  /** Returns the number without trailing zeros; one with an absurd exponent is only very big. */
  BigDecimal toDecimal() {
    if (digits <= LONG_DIGITS && mantissa == 0) {
      return BigDecimal.ZERO;
    }
    return Math.abs(exponent) < MAX_EXPONENT
        ? new BigDecimal(text()).stripTrailingZeros()
        : BigDecimal.ONE.scaleByPowerOfTen(exponent > 0 ? MAX_EXPONENT : -MAX_EXPONENT);
  }

  private String text() {
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }
}
