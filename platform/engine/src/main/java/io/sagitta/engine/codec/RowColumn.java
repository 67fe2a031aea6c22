package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * One column while a body is read: Java arrays that grow, and become an Arrow vector at the end.
 * Setting a row's value again replaces it, as long as it is the last row.
 */
final class RowColumn {
  /** What became of a value. */
  enum Verdict {
    OK,
    WRONG_TYPE,
    OUT_OF_RANGE
  }

  private final DataType type;
  private final DataType.Kind kind;
  private final NumberText number = new NumberText();
  private int end; // of the number that was set last
  private boolean[] valid;
  private long[] values; // fixed-width values; a decimal's lower half
  private long[] upper = {}; // a decimal's upper half
  private int[] ends = {}; // of strings and binaries in data; ends[row + 1] is row's
  private byte[] data = {};

  RowColumn(DataType type, int capacity) {
    this.type = type;
    kind = type.kind();
    valid = new boolean[0];
    values = new long[0];
    resize(capacity);
  }

  void resize(int capacity) {
    valid = Arrays.copyOf(valid, capacity);
    if (isBytes()) {
      ends = Arrays.copyOf(ends, capacity + 1);
    } else {
      values = Arrays.copyOf(values, capacity);
      upper = kind == DataType.Kind.DECIMAL ? Arrays.copyOf(upper, capacity) : upper;
    }
  }

  boolean isValid(int row) {
    return valid[row];
  }

  /** A fixed-width value as it was set. */
  long value(int row) {
    return values[row];
  }

  void setNull(int row) {
    valid[row] = false;
    if (isBytes()) {
      ends[row + 1] = ends[row];
    }
  }

  void setMicros(int row, long micros) {
    values[row] = micros;
    valid[row] = true;
  }

  Verdict setBoolean(int row, boolean value) {
    if (kind != DataType.Kind.BOOLEAN) {
      return Verdict.WRONG_TYPE;
    }
    return fixed(row, value ? 1 : 0);
  }

  /**
   * Sets a number that starts at {@code from}. Where a number ends is for {@link #end} to say.
   *
   * @return WRONG_TYPE also if there is no number
   */
  Verdict setNumber(int row, byte[] b, int from, int to) {
    end = number.read(b, from, to);
    if (end < 0) {
      return Verdict.WRONG_TYPE;
    }
    return switch (kind) {
      case INT8 -> integer(row, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case INT16 -> integer(row, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> integer(row, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> integer(row, Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> {
        double value = number.toDouble();
        yield Double.isInfinite(value)
            ? Verdict.OUT_OF_RANGE
            : fixed(row, Double.doubleToRawLongBits(value));
      }
      case FLOAT -> {
        float value = number.toFloat();
        yield Float.isInfinite(value)
            ? Verdict.OUT_OF_RANGE
            : fixed(row, Float.floatToRawIntBits(value));
      }
      case DECIMAL -> decimal(row);
      case BOOLEAN, STRING, BINARY, DATE, TIMESTAMP -> Verdict.WRONG_TYPE;
    };
  }

  /** Where the number that was set last ends. */
  int end() {
    return end;
  }

  /** Sets a string of valid UTF-8. */
  Verdict setText(int row, byte[] b, int from, int to) {
    return switch (kind) {
      case STRING -> bytes(row, b, from, to);
      case BINARY -> base64(row, b, from, to);
      case DATE -> calendar(row, CalendarText.day(b, from, to));
      case TIMESTAMP -> calendar(row, CalendarText.instant(b, from, to));
      case DECIMAL -> number.read(b, from, to) == to ? decimal(row) : Verdict.WRONG_TYPE;
      case BOOLEAN, INT8, INT16, INT32, INT64, FLOAT, DOUBLE -> Verdict.WRONG_TYPE;
    };
  }

  /** Sets an integer that may have come in another width. */
  Verdict setWhole(int row, long value) {
    return switch (kind) {
      case INT8 -> within(row, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case INT16 -> within(row, value, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> within(row, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> fixed(row, value);
      case FLOAT, DOUBLE -> setFloating(row, (double) value);
      case BOOLEAN, DECIMAL, STRING, BINARY, DATE, TIMESTAMP -> Verdict.WRONG_TYPE;
    };
  }

  /** Sets days since 1970. */
  Verdict setDay(int row, long day) {
    return within(row, day, CalendarText.FIRST_DAY, CalendarText.LAST_DAY);
  }

  /** Sets microseconds since 1970 UTC. */
  Verdict setInstant(int row, long micros) {
    return within(row, micros, CalendarText.FIRST_MICROS, CalendarText.LAST_MICROS);
  }

  Verdict setDecimal(int row, BigDecimal value) {
    return decimal(row, value.stripTrailingZeros());
  }

  Verdict setBytes(int row, byte[] b, int from, int to) {
    return bytes(row, b, from, to);
  }

  /** Sets a float or double, which may be NaN or infinite. */
  Verdict setFloating(int row, double value) {
    return switch (kind) {
      case DOUBLE -> fixed(row, Double.doubleToRawLongBits(value));
      case FLOAT -> fixed(row, Float.floatToRawIntBits((float) value));
      default -> Verdict.WRONG_TYPE;
    };
  }

  /** Makes the vector of the first {@code rows} rows; owned by the caller. */
  FieldVector finish(Field field, int rows, BufferAllocator allocator) {
    FieldVector vector = field.createVector(allocator);
    try {
      if (vector instanceof BaseVariableWidthVector bytes) {
        bytes.allocateNew(ends[rows], rows);
        long at = bytes.getOffsetBuffer().memoryAddress();
        for (int i = 0; i <= rows; i++) {
          MemoryUtil.putInt(at + 4L * i, ends[i]);
        }
        bytes.getDataBuffer().setBytes(0, data, 0, ends[rows]);
        bytes.setLastSet(rows - 1);
      } else {
        ((BaseFixedWidthVector) vector).allocateNew(rows);
        FixedValues.write(kind, values, upper, rows, vector.getDataBuffer().memoryAddress());
      }
      Validity.write(valid, rows, vector.getValidityBuffer().memoryAddress());
      vector.setValueCount(rows);
      return vector;
    } catch (RuntimeException | OutOfMemoryError e) {
      vector.close();
      throw e;
    }
  }

  private Verdict integer(int row, long least, long most) {
    if (number.isPlainLong()) {
      return within(row, number.toLong(), least, most);
    }
    BigDecimal value = number.toDecimal();
    if (value.scale() > 0) {
      return Verdict.WRONG_TYPE;
    }
    if (value.compareTo(BigDecimal.valueOf(least)) < 0
        || value.compareTo(BigDecimal.valueOf(most)) > 0) {
      return Verdict.OUT_OF_RANGE;
    }
    return fixed(row, value.longValueExact());
  }

  private Verdict decimal(int row) {
    if (number.isPlainDecimal(type.precision(), type.scale())) {
      long unscaled = number.toUnscaled(type.scale());
      upper[row] = unscaled >> (Long.SIZE - 1);
      return fixed(row, unscaled);
    }
    return decimal(row, number.toDecimal());
  }

  private Verdict decimal(int row, BigDecimal value) {
    int wholeDigits = type.precision() - type.scale();
    if (value.signum() != 0
        && (value.scale() > type.scale() || value.precision() - value.scale() > wholeDigits)) {
      return Verdict.OUT_OF_RANGE;
    }
    BigInteger unscaled = value.setScale(type.scale()).unscaledValue();
    upper[row] = unscaled.shiftRight(Long.SIZE).longValue();
    return fixed(row, unscaled.longValue());
  }

  private Verdict calendar(int row, long value) {
    if (value == CalendarText.NONE) {
      return Verdict.WRONG_TYPE;
    }
    return value == CalendarText.TOO_FAR ? Verdict.OUT_OF_RANGE : fixed(row, value);
  }

  private Verdict base64(int row, byte[] b, int from, int to) {
    try {
      byte[] decoded = Base64.getDecoder().decode(Arrays.copyOfRange(b, from, to));
      return bytes(row, decoded, 0, decoded.length);
    } catch (IllegalArgumentException e) {
      return Verdict.WRONG_TYPE;
    }
  }

  private Verdict bytes(int row, byte[] b, int from, int to) {
    int start = ends[row];
    int stop = Math.addExact(start, to - from);
    if (stop > data.length) {
      data = Arrays.copyOf(data, Math.max(stop, Math.addExact(stop / 2, data.length) + 64));
    }
    System.arraycopy(b, from, data, start, to - from);
    ends[row + 1] = stop;
    valid[row] = true;
    return Verdict.OK;
  }

  private Verdict within(int row, long value, long least, long most) {
    return value < least || value > most ? Verdict.OUT_OF_RANGE : fixed(row, value);
  }

  private Verdict fixed(int row, long value) {
    values[row] = value;
    valid[row] = true;
    return Verdict.OK;
  }

  private boolean isBytes() {
    return kind == DataType.Kind.STRING || kind == DataType.Kind.BINARY;
  }
}
