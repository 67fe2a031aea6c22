package io.sagitta.engine.codec;

import java.util.Arrays;

/**
 * The fields of one CSV record, by RFC 4180: where each lies, with its quotes and doubled quotes
 * undone. A quote inside a field that does not start with one is a character like any other.
 */
final class CsvRecord {
  /** What came of reading a record. */
  enum Outcome {
    READ,
    /** A quoted field is followed by something else than a comma or the line's end. */
    TEXT_AFTER_QUOTE,
    /** A quoted field never ends, or not within the limit. */
    OPEN_QUOTE,
    /** Not UTF-8. */
    NOT_UTF8
  }

  private final byte[] body;
  private final int to;
  private byte[] undoubled = new byte[256]; // quoted fields that held doubled quotes
  private int undoubledLength;
  private int count;
  private boolean[] wasDoubled = new boolean[16];
  private int[] start = new int[16];
  private int[] stop = new int[16];
  private boolean[] quoted = new boolean[16];
  private int end;

  CsvRecord(byte[] body, int to) {
    this.body = body;
    this.to = to;
  }

  /** How many fields the record has. */
  int count() {
    return count;
  }

  /** The bytes that hold field {@code i}, from {@link #start} to {@link #stop}. */
  byte[] source(int i) {
    return wasDoubled[i] ? undoubled : body;
  }

  int start(int i) {
    return start[i];
  }

  int stop(int i) {
    return stop[i];
  }

  /** Returns whether the field is nothing at all, not even a pair of quotes. */
  boolean isMissing(int i) {
    return start[i] == stop[i] && !quoted[i];
  }

  /** Where the record ends: its line feed, or the end of the body. */
  int end() {
    return end;
  }

  /** Reads the record at {@code from}, which may span lines, but at most {@code limit} bytes. */
  Outcome read(int from, int limit) {
    count = 0;
    undoubledLength = 0;
    int bound = (int) Math.min(to, (long) from + limit);
    int i = from;
    while (true) {
      int next = i < to && body[i] == '"' ? quoted(i + 1, bound) : plain(i);
      if (next < 0) {
        return next == -1 ? Outcome.OPEN_QUOTE : Outcome.TEXT_AFTER_QUOTE;
      }
      if (next == to || body[next] == '\n') {
        end = next;
        return allUtf8(from) ? Outcome.READ : Outcome.NOT_UTF8;
      }
      i = next + 1;
    }
  }

  private boolean allUtf8(int from) {
    int all = 0;
    for (int i = from; i < end; i++) {
      all |= body[i];
    }
    return all >= 0 || Utf8.isValid(body, from, end);
  }

  /** Reads an unquoted field and returns where its comma or line feed is. */
  private int plain(int from) {
    int i = from;
    while (i < to && body[i] != ',' && body[i] != '\n') {
      i++;
    }
    boolean lineEnd = i == to || body[i] == '\n';
    int last = lineEnd && i > from && body[i - 1] == '\r' ? i - 1 : i;
    add(from, last, false, false);
    return i;
  }

  /** Reads a field behind its first quote; -1 if no quote ends it, -2 if text follows that. */
  private int quoted(int from, int bound) {
    int i = from;
    while (i < bound && body[i] != '"') {
      i++;
    }
    if (i + 1 < bound && body[i] == '"' && body[i + 1] == '"') {
      return doubled(from, i, bound);
    }
    return i >= bound ? -1 : closed(false, from, i, i + 1);
  }

  private int doubled(int from, int firstDoubled, int bound) {
    int fieldStart = undoubledLength;
    int plainFrom = from;
    int i = firstDoubled;
    while (i < bound) {
      if (body[i] != '"') {
        i++;
        continue;
      }
      boolean twice = i + 1 < to && body[i + 1] == '"';
      int length = i - plainFrom + (twice ? 1 : 0);
      if (undoubledLength + length > undoubled.length) {
        undoubled = Arrays.copyOf(undoubled, 2 * (undoubledLength + length));
      }
      System.arraycopy(body, plainFrom, undoubled, undoubledLength, length);
      undoubledLength += length;
      if (!twice) {
        return closed(true, fieldStart, undoubledLength, i + 1);
      }
      i += 2;
      plainFrom = i;
    }
    return -1;
  }

  private int closed(boolean doubled, int from, int last, int behindQuote) {
    add(from, last, true, doubled);
    int i = behindQuote;
    if (i < to && body[i] == '\r' && (i + 1 == to || body[i + 1] == '\n')) {
      i++;
    }
    return i == to || body[i] == ',' || body[i] == '\n' ? i : -2;
  }

  private void add(int from, int last, boolean isQuoted, boolean doubled) {
    if (count == start.length) {
      int capacity = 2 * count;
      wasDoubled = Arrays.copyOf(wasDoubled, capacity);
      start = Arrays.copyOf(start, capacity);
      stop = Arrays.copyOf(stop, capacity);
      quoted = Arrays.copyOf(quoted, capacity);
    }
    wasDoubled[count] = doubled;
    start[count] = from;
    stop[count] = last;
    quoted[count++] = isQuoted;
  }
}
