package io.sagitta.engine.codec;

/**
 * Running hashes, one per row. A row's hash depends on the order of what is folded into it. The
 * mixing is that of MurmurHash3 x64 (Austin Appleby, public domain), word by word.
 */
abstract sealed class KeyFold {
  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;

  /** Folds one word of a value of the type that {@code tag} stands for into a row's hash. */
  abstract void fold(int row, long tag, long word);

  private static long mixed(long word, int distance, long before, long after) {
    return Long.rotateLeft(word * before, distance) * after;
  }

  private static long finished(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  /** 64 bits a row: enough to spread rows. */
  static final class Of64 extends KeyFold {
    private final long[] hashes;

    Of64(int rows) {
      hashes = new long[rows];
    }

    @Override
    void fold(int row, long tag, long word) {
      long h = hashes[row] ^ tag ^ mixed(word, 31, C1, C2);
      hashes[row] = Long.rotateLeft(h, 27) * 5 + 0x52dce729L;
    }

    long[] finish() {
      for (int i = 0; i < hashes.length; i++) {
        hashes[i] = finished(hashes[i]);
      }
      return hashes;
    }
  }

  /** 128 bits a row: enough to tell keys apart by. */
  static final class Of128 extends KeyFold {
    private final long[] high;
    private final long[] low;

    Of128(int rows) {
      high = new long[rows];
      low = new long[rows];
    }

    @Override
    void fold(int row, long tag, long word) {
      long l = low[row];
      long h = high[row] ^ tag ^ mixed(word, 31, C1, C2);
      h = (Long.rotateLeft(h, 27) + l) * 5 + 0x52dce729L;
      l ^= mixed(word, 33, C2, C1);
      low[row] = (Long.rotateLeft(l, 31) + h) * 5 + 0x38495ab5L;
      high[row] = h;
    }

    KeyHash.Hashes128 finish() {
      for (int i = 0; i < high.length; i++) {
        long h = high[i] + low[i];
        long l = finished(low[i] + h);
        h = finished(h) + l;
        high[i] = h;
        low[i] = l + h;
      }
      return new KeyHash.Hashes128(high, low);
    }
  }
}
