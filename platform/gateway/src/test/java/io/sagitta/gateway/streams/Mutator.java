package io.sagitta.gateway.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Changes seeds into bytes that nobody meant, the same ones for the same number. */
final class Mutator {
  private static final int MOST_BYTES = 1 << 16;
  private static final int MOST_KEPT = 500;
  private static final List<byte[]> WORDS =
      List.of(
          bytes(0),
          bytes(0xff),
          bytes(0xff, 0xff, 0xff, 0xff),
          bytes(0xff, 0xff, 0xff, 0x7f),
          bytes(0, 0, 0, 0x80),
          bytes(0, 0, 0, 0, 0, 0, 0, 0x80),
          bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
          bytes(0xc0, 0x80),
          bytes(0xed, 0xa0, 0x80),
          bytes(0xf4, 0x90, 0x80, 0x80),
          bytes(0xef, 0xbb, 0xbf),
          text("\""),
          text("\\u0000"),
          text("\\ud800"),
          text("\r\n"),
          text("{"),
          text("["),
          text("[[[[[[[[[[[[[[[["),
          text("]"),
          text("}"),
          text(","),
          text("&a "),
          text("*a"),
          text("<<: "),
          text("!!set "),
          text("!!binary "),
          text("--- "),
          text("? "),
          text("- "),
          text("${param:x}"),
          text("${secret:x}"),
          text("99999999999999999999"),
          text("-9223372036854775809"),
          text("1e999999999"),
          text("0x7fffffff"),
          text("NaN"),
          text("9999-12-31T23:59:60Z"),
          text("null"));

  private final SplittableRandom random;
  private final List<byte[]> corpus;

  Mutator(long seed, List<byte[]> seeds) {
    this.random = new SplittableRandom(seed);
    this.corpus = new ArrayList<>(seeds);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  /** Takes {@code bytes} for a seed too. */
  void keep(byte[] bytes) {
    if (corpus.size() < MOST_KEPT) {
      corpus.add(bytes);
    }
  }

  /** Returns the next input. */
  byte[] next() {
    byte[] bytes = any();
    // Most are changed little, so that they get past the first check; some are changed much.
    int changes = 1 + (random.nextInt(4) == 0 ? random.nextInt(16) : random.nextInt(3));
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes);
    }
    if (random.nextInt(64) == 0) {
      keep(bytes);
    }
    return bytes;
  }

  private byte[] any() {
    return corpus.get(random.nextInt(corpus.size()));
  }

  private byte[] change(byte[] old) {
    int at = random.nextInt(old.length + 1);
    int length = random.nextInt(Math.min(64, old.length - at) + 1);
    return switch (random.nextInt(9)) {
      case 0 -> flipped(old, at);
      case 1 -> set(old, at, bytes(random.nextInt(256)));
      case 2 -> set(old, at, WORDS.get(random.nextInt(WORDS.size())));
      case 3 -> spliced(old, at, at, WORDS.get(random.nextInt(WORDS.size())));
      case 4 -> spliced(old, at, at + length, new byte[0]);
      case 5 -> spliced(old, at, at, Arrays.copyOfRange(old, at, at + length));
      case 6 -> Arrays.copyOf(old, at);
      case 7 -> repeated(old, at, length);
      default -> spliced(old, at, at + length, piece(any()));
    };
  }

  private byte[] piece(byte[] other) {
    int from = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1));
  }

  private byte[] flipped(byte[] old, int at) {
    byte[] changed = old.clone();
    if (at < changed.length) {
      changed[at] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private static byte[] set(byte[] old, int at, byte[] word) {
    byte[] changed = old.clone();
    System.arraycopy(word, 0, changed, at, Math.min(word.length, changed.length - at));
    return changed;
  }

  private byte[] repeated(byte[] old, int at, int length) {
    byte[] piece = Arrays.copyOfRange(old, at, at + length);
    byte[] many = new byte[Math.min(piece.length * (1 << random.nextInt(12)), MOST_BYTES)];
    for (int i = 0; i < many.length; i++) {
      many[i] = piece[i % piece.length];
    }
    return spliced(old, at, at, many);
  }

  private static byte[] spliced(byte[] old, int from, int to, byte[] by) {
    int length = Math.min(MOST_BYTES, old.length - (to - from) + by.length);
    byte[] changed = new byte[length];
    System.arraycopy(old, 0, changed, 0, Math.min(from, length));
    int end = Math.min(from + by.length, length);
    System.arraycopy(by, 0, changed, Math.min(from, length), Math.max(0, end - from));
    if (end < length) {
      System.arraycopy(old, to, changed, end, Math.min(old.length - to, length - end));
    }
    return changed;
  }
}
