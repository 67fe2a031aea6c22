package io.sagitta.connectors.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;

/** Takes a value out of a result and into a vector, exactly or not at all. */
final class ResultValue {
  private ResultValue() {}

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException if the value is of another kind
   * @throws ArithmeticException if the number does not fit
   */
  static void read(ResultSet result, int index, FieldVector vector, int row) throws SQLException {
    if (result.getObject(index) == null) {
      vector.setNull(row);
    } else if (vector instanceof VarCharVector v) {
      v.setSafe(row, result.getString(index).getBytes(StandardCharsets.UTF_8));
    } else if (vector instanceof VarBinaryVector v) {
      v.setSafe(row, result.getBytes(index));
    } else if (vector instanceof DateDayVector v) {
      v.setSafe(row, Math.toIntExact(day(result, index).toEpochDay()));
    } else if (vector instanceof TimeStampMicroTZVector v) {
      v.setSafe(row, micros(result, index));
    } else if (vector instanceof BitVector v) {
      if (!(result.getObject(index) instanceof Boolean flag)) {
        throw kind(result, index, "boolean");
      }
      v.setSafe(row, flag ? 1 : 0);
    } else {
      number(number(result, index), vector, row);
    }
  }

  private static Number number(ResultSet result, int index) throws SQLException {
    if (result.getObject(index) instanceof Number number) {
      return number;
    }
    throw kind(result, index, "number");
  }

  private static void number(Number value, FieldVector vector, int row) {
    if (vector instanceof Float4Vector v) {
      v.setSafe(row, value.floatValue());
    } else if (vector instanceof Float8Vector v) {
      v.setSafe(row, value.doubleValue());
    } else if (vector instanceof DecimalVector v) {
      BigDecimal decimal = decimal(value).setScale(v.getScale(), RoundingMode.UNNECESSARY);
      if (decimal.precision() > v.getPrecision()) {
        throw new ArithmeticException(
            value + " has more digits than decimal(" + v.getPrecision() + "," + v.getScale() + ")");
      }
      v.setSafe(row, decimal);
    } else if (vector instanceof BigIntVector v) {
      v.setSafe(row, whole(value, Long.MIN_VALUE, Long.MAX_VALUE));
    } else if (vector instanceof IntVector v) {
      v.setSafe(row, (int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE));
    } else if (vector instanceof SmallIntVector v) {
      v.setSafe(row, (short) whole(value, Short.MIN_VALUE, Short.MAX_VALUE));
    } else if (vector instanceof TinyIntVector v) {
      v.setSafe(row, (byte) whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE));
    } else {
      throw new IllegalArgumentException("no such column type: " + vector.getField().getType());
    }
  }

  private static long whole(Number value, long least, long most) {
    BigDecimal decimal = decimal(value);
    if (decimal.stripTrailingZeros().scale() > 0
        || decimal.compareTo(BigDecimal.valueOf(least)) < 0
        || decimal.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new ArithmeticException(value + " is no whole number from " + least + " to " + most);
    }
    return decimal.longValueExact();
  }

  private static BigDecimal decimal(Number value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    } else if (value instanceof BigInteger integer) {
      return new BigDecimal(integer);
    } else if (value instanceof Double || value instanceof Float) {
      return new BigDecimal(value.toString());
    }
    return BigDecimal.valueOf(value.longValue());
  }

  private static LocalDate day(ResultSet result, int index) throws SQLException {
    Object value = result.getObject(index);
    if (value instanceof java.sql.Date || value instanceof LocalDate) {
      return result.getObject(index, LocalDate.class);
    }
    throw kind(result, index, "date");
  }

  /** A timestamp without a time zone is taken as UTC. */
  private static long micros(ResultSet result, int index) throws SQLException {
    Object value = result.getObject(index);
    String type = result.getMetaData().getColumnTypeName(index);
    Instant at;
    if (value instanceof OffsetDateTime time) {
      at = time.toInstant();
    } else if (type.equals("timestamptz")) {
      at = result.getObject(index, OffsetDateTime.class).toInstant();
    } else if (value instanceof java.sql.Timestamp) {
      at = result.getObject(index, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    } else {
      throw kind(result, index, "timestamp");
    }
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  private static IllegalArgumentException kind(ResultSet result, int index, String wanted)
      throws SQLException {
    return new IllegalArgumentException(
        "'%s' is %s, not a %s; CAST it in the query"
            .formatted(
                result.getString(index), result.getMetaData().getColumnTypeName(index), wanted));
  }
}
