package io.sagitta.engine.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes that knows how JSON strings and numbers are written. */
final class ByteSink {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int LONG_DIGITS = 20;

  private byte[] bytes;
  private int size;

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** Drops what lies behind the first {@code newSize} bytes. */
  void truncate(int newSize) {
    size = newSize;
  }

  /** The bytes from 0 to {@link #size()}; valid until the next one is put. */
  byte[] array() {
    return bytes;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  ByteSink put(int b) {
    reserve(1);
    bytes[size++] = (byte) b;
    return this;
  }

  ByteSink put(byte[] source) {
    return put(source, 0, source.length);
  }

  ByteSink put(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, size, to - from);
    size += to - from;
    return this;
  }

  ByteSink ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
    return this;
  }

  ByteSink number(long value) {
    if (value == Long.MIN_VALUE) {
      return ascii("-9223372036854775808");
    }
    reserve(LONG_DIGITS);
    if (value < 0) {
      bytes[size++] = '-';
    }
    long rest = Math.abs(value);
    int digits = 1;
    for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
      digits++;
    }
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** Writes {@code value} with leading zeros. */
  ByteSink digits(int value, int count) {
    reserve(count);
    int rest = value;
    for (int i = size + count - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += count;
    return this;
  }

  /** Writes UTF-8 as a JSON string, quotes included. */
  ByteSink jsonString(byte[] utf8, int from, int to) {
    put('"');
    int plain = from;
    for (int i = from; i < to; i++) {
      byte b = utf8[i];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        put(utf8, plain, i);
        escape(b);
        plain = i + 1;
      }
    }
    return put(utf8, plain, to).put('"');
  }

  ByteSink jsonString(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return jsonString(utf8, 0, utf8.length);
  }

  private void escape(byte b) {
    put('\\');
    switch (b) {
      case '\n' -> put('n');
      case '\r' -> put('r');
      case '\t' -> put('t');
      case '"', '\\' -> put(b);
      default -> ascii("u00").put(HEX[b >> 4]).put(HEX[b & 15]);
    }
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.addExact(size, size / 2 + 64)));
    }
  }
}
