package io.sagitta.engine.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Hashes of rows' keys that depend on values alone: not on the width of an integer, nor on how a
 * batch is laid out, nor on the machine. Topics outlive software versions, so the hashes never
 * change: the test pins them.
 *
 * <p>The algorithm: a row's key becomes a sequence of (tag, 64-bit word), column by column, which
 * {@link KeyFold} mixes from zero on.
 *
 * <ul>
 *   <li>NULL of any type: tag 0, word 0.
 *   <li>boolean: 0 or 1. Integers of every width: the value. Date: days since 1970.
 *   <li>Timestamp: microseconds since 1970 UTC, whatever its unit and zone.
 *   <li>float, double: the bits of the double, with −0.0 as 0.0 and one NaN.
 *   <li>decimal: without trailing zeros, its scale, then the unscaled value's upper and lower word;
 *       so 1.10 and 1.1 are one value.
 *   <li>string, binary: the bytes, eight to a little-endian word. Up to seven bytes are one word
 *       with the length as its top byte; longer ones have the length as a first word and zeros
 *       behind the last byte. So ("ab","c") and ("a","bc") differ.
 * </ul>
 *
 * <p>The hashes are for spreading and for telling keys apart, not for security: who knows the
 * algorithm can make keys that collide.
 */
public final class KeyHash {
  private static final long NULL = 0;
  private static final long BOOLEAN = 0x9e3779b97f4a7c15L;
  private static final long INTEGER = 0xbf58476d1ce4e5b9L;
  private static final long FLOATING = 0x94d049bb133111ebL;
  private static final long DECIMAL = 0xd6e8feb86659fd93L;
  private static final long DATE = 0xa0761d6478bd642fL;
  private static final long TIMESTAMP = 0xe7037ed1a0b428dbL;
  private static final long STRING = 0x8ebc6af09c88c6e3L;
  private static final long BINARY = 0x589965cc75374cc3L;

  private KeyHash() {}

  /**
   * 128-bit hashes of the rows of a batch.
   *
   * @param high by row, the upper halves
   * @param low by row, the lower halves
   */
  @SuppressWarnings("ArrayRecordComponent") // a pair of columns, never compared
  public record Hashes128(long[] high, long[] low) {}

  /**
   * Hashes each row's key.
   *
   * @param key names of columns; their order matters, their number may be 0
   * @return by row
   * @throws IllegalArgumentException if there is no such column or its type cannot be a key
   */
  public static long[] hash64(VectorSchemaRoot root, List<String> key) {
    KeyFold.Of64 fold = new KeyFold.Of64(root.getRowCount());
    key.forEach(name -> fold(column(root, name), root.getRowCount(), fold));
    return fold.finish();
  }

  /** Hashes each row's key as {@link #hash64} does, to 128 bits. */
  public static Hashes128 hash128(VectorSchemaRoot root, List<String> key) {
    KeyFold.Of128 fold = new KeyFold.Of128(root.getRowCount());
    key.forEach(name -> fold(column(root, name), root.getRowCount(), fold));
    return fold.finish();
  }

  private static FieldVector column(VectorSchemaRoot root, String name) {
    FieldVector column = root.getVector(name);
    if (column == null) {
      throw new IllegalArgumentException(
          "No column " + name + " to take a key from in " + root.getSchema());
    }
    return column;
  }

  private static void fold(FieldVector column, int rows, KeyFold fold) {
    if (column instanceof BaseVariableWidthVector bytes) {
      bytes(bytes, rows, column instanceof VarCharVector ? STRING : BINARY, fold);
    } else if (column instanceof DecimalVector decimals) {
      decimals(decimals, rows, fold);
    } else if (column instanceof BaseFixedWidthVector fixed) {
      fixed(fixed, rows, fold);
    } else if (column instanceof NullVector) {
      for (int i = 0; i < rows; i++) {
        fold.fold(i, NULL, 0);
      }
    } else {
      throw notAKey(column);
    }
  }

  private static void fixed(BaseFixedWidthVector column, int rows, KeyFold fold) {
    long[] words = new long[rows];
    long tag = words(column, words);
    boolean nulls = column.getNullCount() > 0;
    for (int i = 0; i < rows; i++) {
      if (nulls && column.isNull(i)) {
        fold.fold(i, NULL, 0);
      } else {
        fold.fold(i, tag, words[i]);
      }
    }
  }

  /** Fills in the word of each row; those of NULLs are arbitrary. Returns the type's tag. */
  private static long words(BaseFixedWidthVector column, long[] words) {
    int n = words.length;
    long at = column.getDataBuffer().memoryAddress();
    if (column instanceof BigIntVector) {
      longs(at, words);
    } else if (column instanceof IntVector) {
      for (int i = 0; i < n; i++) {
        words[i] = MemoryUtil.getInt(at + 4L * i);
      }
    } else if (column instanceof SmallIntVector) {
      for (int i = 0; i < n; i++) {
        words[i] = MemoryUtil.getShort(at + 2L * i);
      }
    } else if (column instanceof TinyIntVector) {
      for (int i = 0; i < n; i++) {
        words[i] = MemoryUtil.getByte(at + i);
      }
    } else if (column instanceof UInt4Vector) {
      for (int i = 0; i < n; i++) {
        words[i] = Integer.toUnsignedLong(MemoryUtil.getInt(at + 4L * i));
      }
    } else if (column instanceof UInt2Vector) {
      for (int i = 0; i < n; i++) {
        words[i] = Short.toUnsignedLong(MemoryUtil.getShort(at + 2L * i));
      }
    } else if (column instanceof UInt1Vector) {
      for (int i = 0; i < n; i++) {
        words[i] = Byte.toUnsignedLong(MemoryUtil.getByte(at + i));
      }
    } else {
      return otherWords(column, at, words);
    }
    return INTEGER;
  }

  private static long otherWords(BaseFixedWidthVector column, long at, long[] words) {
    int n = words.length;
    if (column instanceof TimeStampVector timestamps) {
      longs(at, words);
      long micros = microsPerUnit(timestamps);
      for (int i = 0; i < n; i++) {
        words[i] *= micros;
      }
      return TIMESTAMP;
    } else if (column instanceof DateDayVector) {
      for (int i = 0; i < n; i++) {
        words[i] = MemoryUtil.getInt(at + 4L * i);
      }
      return DATE;
    } else if (column instanceof Float8Vector) {
      longs(at, words);
      for (int i = 0; i < n; i++) {
        words[i] = Double.doubleToLongBits(Double.longBitsToDouble(words[i]) + 0.0);
      }
      return FLOATING;
    } else if (column instanceof Float4Vector) {
      for (int i = 0; i < n; i++) {
        float value = Float.intBitsToFloat(MemoryUtil.getInt(at + 4L * i));
        words[i] = Double.doubleToLongBits(value + 0.0);
      }
      return FLOATING;
    } else if (column instanceof BitVector) {
      for (int i = 0; i < n; i++) {
        words[i] = (MemoryUtil.getByte(at + (i >> 3)) >> (i & 7)) & 1;
      }
      return BOOLEAN;
    }
    throw notAKey(column);
  }

  private static void longs(long at, long[] words) {
    for (int i = 0; i < words.length; i++) {
      words[i] = MemoryUtil.getLong(at + 8L * i);
    }
  }

  private static long microsPerUnit(TimeStampVector column) {
    TimeUnit unit = ((ArrowType.Timestamp) column.getField().getType()).getUnit();
    return switch (unit) {
      case SECOND -> 1_000_000;
      case MILLISECOND -> 1_000;
      case MICROSECOND -> 1;
      case NANOSECOND -> throw notAKey(column);
    };
  }

  private static void decimals(DecimalVector column, int rows, KeyFold fold) {
    for (int i = 0; i < rows; i++) {
      if (column.isNull(i)) {
        fold.fold(i, NULL, 0);
        continue;
      }
      BigDecimal value = column.getObjectNotNull(i).stripTrailingZeros();
      BigInteger unscaled = value.unscaledValue();
      fold.fold(i, DECIMAL, value.scale());
      fold.fold(i, DECIMAL, unscaled.shiftRight(Long.SIZE).longValue());
      fold.fold(i, DECIMAL, unscaled.longValue());
    }
  }

  private static void bytes(BaseVariableWidthVector column, int rows, long tag, KeyFold fold) {
    boolean nulls = column.getNullCount() > 0;
    long offsets = column.getOffsetBuffer().memoryAddress();
    long data = column.getDataBuffer().memoryAddress();
    long readable = column.getDataBuffer().capacity() - Long.BYTES;
    for (int i = 0; i < rows; i++) {
      if (nulls && column.isNull(i)) {
        fold.fold(i, NULL, 0);
        continue;
      }
      int from = MemoryUtil.getInt(offsets + 4L * i);
      int length = MemoryUtil.getInt(offsets + 4L * i + 4) - from;
      if (length < Long.BYTES) {
        long word = from <= readable ? head(data + from, length) : bytewise(data + from, length);
        fold.fold(i, tag, word | (long) length << 56);
        continue;
      }
      fold.fold(i, tag, length);
      int whole = length & -Long.BYTES;
      for (int j = 0; j < whole; j += Long.BYTES) {
        fold.fold(i, tag, MemoryUtil.getLong(data + from + j));
      }
      if (whole < length) {
        fold.fold(i, tag, bytewise(data + from + whole, length - whole));
      }
    }
  }

  /** Reads {@code length} bytes, fewer than eight, where eight are readable. */
  private static long head(long at, int length) {
    return MemoryUtil.getLong(at) & ((1L << (length * 8)) - 1);
  }

  private static long bytewise(long at, int length) {
    long word = 0;
    for (int i = 0; i < length; i++) {
      word |= Byte.toUnsignedLong(MemoryUtil.getByte(at + i)) << (8 * i);
    }
    return word;
  }

  private static IllegalArgumentException notAKey(FieldVector column) {
    return new IllegalArgumentException(
        "Column %s of type %s cannot be a key; cast it to a string, an integer or a timestamp"
            .formatted(column.getName(), column.getField().getType()));
  }
}
