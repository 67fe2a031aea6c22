package io.sagitta.engine.codec;

import java.util.Arrays;

/** The strings of a JSON body: where they end, and what they say once unescaped. */
final class JsonStrings {
  private static final int NOT_SURE = -1;

  private final byte[] b;
  private byte[] unescaped = new byte[256];
  private int unescapedLength;

  JsonStrings(byte[] body) {
    b = body;
  }

  /** The string that was unescaped last, in its first {@link #unescapedLength()} bytes. */
  byte[] unescaped() {
    return unescaped;
  }

  int unescapedLength() {
    return unescapedLength;
  }

  /** Finds the quote that ends a string, or its first backslash; negative if it is no string. */
  int end(int from, int to) {
    int i = from;
    int all = 0; // negative if any byte is beyond ASCII
    for (; i < to; i++) {
      byte c = b[i];
      if (c == '"' || c == '\\') {
        return all >= 0 || Utf8.isValid(b, from, i) ? i : NOT_SURE;
      }
      if (c >= 0 && c < ' ') {
        return NOT_SURE;
      }
      all |= c;
    }
    return NOT_SURE;
  }

  /** Copies the string at {@code from} to {@link #unescaped()} and returns where it ends. */
  int unescape(int from, int to) {
    unescapedLength = 0;
    int i = from;
    while (i < to && b[i] != '"') {
      if (b[i] != '\\') {
        int end = end(i, to);
        if (end < 0) {
          return NOT_SURE;
        }
        reserve(end - i);
        System.arraycopy(b, i, unescaped, unescapedLength, end - i);
        unescapedLength += end - i;
        i = end;
        continue;
      }
      if (i + 1 >= to) {
        return NOT_SURE;
      }
      int c = simpleEscape(b[i + 1]);
      i += 2;
      if (c == 'u') {
        c = hex(i, to);
        i += 4;
        if (Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE) {
          boolean pair = i + 1 < to && b[i] == '\\' && b[i + 1] == 'u';
          int low = pair ? hex(i + 2, to) : NOT_SURE;
          if (c > Character.MAX_HIGH_SURROGATE
              || low < Character.MIN_LOW_SURROGATE
              || low > Character.MAX_LOW_SURROGATE) {
            return NOT_SURE;
          }
          c = Character.toCodePoint((char) c, (char) low);
          i += 6;
        }
      }
      if (c < 0) {
        return NOT_SURE;
      }
      append(c);
    }
    return i < to ? i + 1 : NOT_SURE;
  }

  private static int simpleEscape(byte c) {
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> 'u';
      default -> NOT_SURE;
    };
  }

  private int hex(int from, int to) {
    if (from + 4 > to) {
      return NOT_SURE;
    }
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(b[i], 16);
      if (digit < 0) {
        return NOT_SURE;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private void append(int codePoint) {
    reserve(4);
    if (codePoint < 0x80) {
      unescaped[unescapedLength++] = (byte) codePoint;
      return;
    }
    int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    int lead = more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0;
    unescaped[unescapedLength++] = (byte) (lead | codePoint >> (6 * more));
    for (int k = more - 1; k >= 0; k--) {
      unescaped[unescapedLength++] = (byte) (0x80 | ((codePoint >> (6 * k)) & 0x3F));
    }
  }

  private void reserve(int more) {
    if (unescapedLength + more > unescaped.length) {
      unescaped = Arrays.copyOf(unescaped, Math.max(unescapedLength + more, 2 * unescaped.length));
    }
  }
}
