package io.sagitta.engine.codec;

import org.apache.arrow.memory.util.MemoryUtil;

/** Packs booleans into bits, least significant first, as Arrow has them. */
final class Validity {
  private Validity() {}

  /** Writes {@code rows} bits from {@code at} on, where whole bytes of them must fit. */
  static void write(boolean[] bits, int rows, long at) {
    int whole = rows & -Byte.SIZE;
    for (int i = 0; i < whole; i += Byte.SIZE) {
      int packed =
          bit(bits[i])
              | bit(bits[i + 1]) << 1
              | bit(bits[i + 2]) << 2
              | bit(bits[i + 3]) << 3
              | bit(bits[i + 4]) << 4
              | bit(bits[i + 5]) << 5
              | bit(bits[i + 6]) << 6
              | bit(bits[i + 7]) << 7;
      MemoryUtil.putByte(at + (i >> 3), (byte) packed);
    }
    if (whole < rows) {
      int packed = 0;
      for (int i = whole; i < rows; i++) {
        packed |= bit(bits[i]) << (i - whole);
      }
      MemoryUtil.putByte(at + (whole >> 3), (byte) packed);
    }
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }
}
