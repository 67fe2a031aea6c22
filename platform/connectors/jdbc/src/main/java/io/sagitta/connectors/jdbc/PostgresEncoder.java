package io.sagitta.connectors.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;

/** Writes one column's values, which are not null, in PostgreSQL's binary form, length first. */
@FunctionalInterface
interface PostgresEncoder {

  void encode(int row, PostgresBuffer out) throws PostgresCopy.UnfitValue;

  /** Days from 1970-01-01, Arrow's epoch, to 2000-01-01, PostgreSQL's. */
  int EPOCH_DAYS = 10_957;

  /** The same in microseconds. */
  long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

  /** Returns the encoder of {@code vector} for a column of {@code type}, which fits it. */
  static PostgresEncoder of(FieldVector vector, String type) {
    if (vector instanceof BitVector v) {
      return (row, out) -> {
        out.int32(Byte.BYTES);
        out.int8(v.get(row));
      };
    } else if (vector instanceof UInt8Vector v) {
      return (row, out) ->
          numeric(new BigDecimal(new BigInteger(Long.toUnsignedString(v.get(row)))), out);
    } else if (vector instanceof BaseIntVector v) {
      return integer(v, type);
    } else if (vector instanceof Float4Vector v) {
      return type.equals("real")
          ? (row, out) -> {
            out.int32(Float.BYTES);
            out.int32(Float.floatToIntBits(v.get(row)));
          }
          : (row, out) -> real(v.get(row), out);
    } else if (vector instanceof Float8Vector v) {
      return (row, out) -> real(v.get(row), out);
    } else if (vector instanceof DecimalVector v) {
      return (row, out) -> numeric(v.getObjectNotNull(row), out);
    } else if (vector instanceof VarCharVector v) {
      return (row, out) -> text(v.get(row), out);
    } else if (vector instanceof VarBinaryVector v) {
      return (row, out) -> {
        byte[] value = v.get(row);
        out.int32(value.length);
        out.bytes(value);
      };
    } else if (vector instanceof DateDayVector v) {
      return (row, out) -> date(v.get(row), out);
    } else if (vector instanceof TimeStampVector v) {
      return (row, out) -> timestamp(v.get(row), out);
    }
    throw new IllegalArgumentException("No encoder for " + vector.getField());
  }

  private static PostgresEncoder integer(BaseIntVector v, String type) {
    return switch (type) {
      case "smallint" ->
          (row, out) -> {
            out.int32(Short.BYTES);
            out.int16((int) v.getValueAsLong(row));
          };
      case "integer" ->
          (row, out) -> {
            out.int32(Integer.BYTES);
            out.int32((int) v.getValueAsLong(row));
          };
      case "bigint" ->
          (row, out) -> {
            out.int32(Long.BYTES);
            out.int64(v.getValueAsLong(row));
          };
      default -> (row, out) -> numeric(BigDecimal.valueOf(v.getValueAsLong(row)), out);
    };
  }

  private static void real(double value, PostgresBuffer out) {
    out.int32(Double.BYTES);
    out.int64(Double.doubleToLongBits(value));
  }

  private static void text(byte[] value, PostgresBuffer out) throws PostgresCopy.UnfitValue {
    for (byte b : value) {
      if (b == 0) {
        throw PostgresCopy.UnfitValue.nul(value);
      }
    }
    out.int32(value.length);
    out.bytes(value);
  }

  private static void date(int day, PostgresBuffer out) throws PostgresCopy.UnfitValue {
    // DuckDB's infinities are the ends of the range but one; PostgreSQL's are the very ends.
    int value = day == Integer.MAX_VALUE ? day : day == -Integer.MAX_VALUE ? Integer.MIN_VALUE : 0;
    if (value == 0) {
      if (day < -2_451_545 + EPOCH_DAYS || day > 2_145_042_541) {
        throw new PostgresCopy.UnfitValue(
            "day " + day + " after 1970-01-01 is beyond PostgreSQL's dates");
      }
      value = day - EPOCH_DAYS;
    }
    out.int32(Integer.BYTES);
    out.int32(value);
  }

  private static void timestamp(long micros, PostgresBuffer out) throws PostgresCopy.UnfitValue {
    long value = micros == Long.MAX_VALUE ? micros : micros == -Long.MAX_VALUE ? Long.MIN_VALUE : 0;
    if (value == 0) {
      if (micros < -210_866_803_200_000_000L || micros >= 9_223_371_331_200_000_000L) {
        throw new PostgresCopy.UnfitValue(
            micros + " microseconds after 1970 are beyond PostgreSQL's timestamps");
      }
      value = micros - EPOCH_MICROS;
    }
    out.int32(Long.BYTES);
    out.int64(value);
  }

  /** Digits in base 10,000, the weight of the first, the sign, and how many decimals to show. */
  private static void numeric(BigDecimal value, PostgresBuffer out) {
    int scale = Math.max(0, value.scale());
    int fractionDigits = (scale + 3) / 4;
    BigInteger rest = value.abs().setScale(fractionDigits * 4).unscaledValue();
    List<Integer> digits = new ArrayList<>();
    BigInteger base = BigInteger.valueOf(10_000);
    while (rest.signum() != 0) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      digits.add(parts[1].intValue());
      rest = parts[0];
    }
    out.int32(8 + 2 * digits.size());
    out.int16(digits.size());
    out.int16(digits.size() - fractionDigits - 1);
    out.int16(value.signum() < 0 ? 0x4000 : 0);
    out.int16(scale);
    for (int i = digits.size() - 1; i >= 0; i--) {
      out.int16(digits.get(i));
    }
  }
}
