package io.sagitta.engine.codec;

import io.sagitta.engine.codec.RowColumn.Verdict;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.flatbuf.TimeUnit;

/**
 * One column of one batch of somebody else's stream. Its buffers are as long as its rows need;
 * where its strings lie is checked as each is read.
 */
final class ForeignColumn {
  private static final long MILLIS_PER_DAY = 86_400_000;

  private final ForeignField field;
  private final boolean nulls;
  private final ByteBuffer validity;
  private final ByteBuffer values; // offsets of strings and binaries
  private final ByteBuffer data;
  private byte[] bytes = new byte[64];
  private int length;

  private ForeignColumn(ForeignField field, boolean nulls, List<ByteBuffer> parts) {
    this.field = field;
    this.nulls = nulls;
    ByteBuffer none = ByteBuffer.allocate(0);
    validity = parts.isEmpty() ? none : parts.get(0);
    values = parts.isEmpty() ? none : parts.get(1);
    data = parts.size() < 3 ? none : parts.get(2);
  }

  /** Takes buffers that are as long as {@code rows} need; others are refused. */
  static ForeignColumn of(ForeignField field, int rows, boolean nulls, List<ByteBuffer> parts) {
    if (!parts.isEmpty()) {
      long entries = parts.size() == 3 && rows > 0 ? rows + 1L : rows;
      require(field, "values", parts.get(1), (entries * field.bits() + 7) / 8);
      require(field, "validity", parts.get(0), nulls ? (rows + 7L) / 8 : 0);
    }
    return new ForeignColumn(field, nulls, parts);
  }

  private static void require(ForeignField field, String what, ByteBuffer buffer, long needed) {
    if (buffer.limit() < needed) {
      throw ForeignField.refused(
          field.name(),
          "has %d bytes of %s where its rows need %d".formatted(buffer.limit(), what, needed));
    }
  }

  boolean isNull(int row) {
    return field.kind() == ForeignField.Kind.NULL
        || (nulls && (validity.get(row >> 3) >> (row & 7) & 1) == 0);
  }

  /**
   * Copies a value, which may be NULL, to a column that the field {@linkplain ForeignField#widensTo
   * widens to}.
   */
  Verdict copy(int row, RowColumn target, int targetRow) {
    if (isNull(row)) {
      target.setNull(targetRow);
      return Verdict.OK;
    }
    return switch (field.kind()) {
      case BOOL -> target.setBoolean(targetRow, bit(row));
      case INT -> target.setWhole(targetRow, integer(row));
      case FLOAT -> target.setFloating(targetRow, floating(row));
      case DECIMAL -> target.setDecimal(targetRow, decimal(row));
      case DATE_DAY -> target.setDay(targetRow, values.getInt(4 * row));
      case DATE_MILLI -> {
        long millis = values.getLong(8 * row);
        yield Math.floorMod(millis, MILLIS_PER_DAY) == 0
            ? target.setDay(targetRow, millis / MILLIS_PER_DAY)
            : Verdict.WRONG_TYPE;
      }
      case TIMESTAMP -> timestamp(row, target, targetRow);
      case STRING -> {
        read(row);
        yield Utf8.isValid(bytes, 0, length)
            ? target.setBytes(targetRow, bytes, 0, length)
            : Verdict.WRONG_TYPE;
      }
      case BINARY, FIXED_BINARY -> {
        read(row);
        yield target.setBytes(targetRow, bytes, 0, length);
      }
      case NULL, OTHER -> Verdict.WRONG_TYPE;
    };
  }

  /** Writes a value as JSON, also one that no column takes. */
  void json(int row, ByteSink sink) {
    if (isNull(row)) {
      sink.ascii("null");
      return;
    }
    switch (field.kind()) {
      case BOOL -> sink.ascii(bit(row) ? "true" : "false");
      case INT ->
          sink.ascii(
              field.parameter() == 1
                  ? Long.toString(integer(row))
                  : Long.toUnsignedString(integer(row)));
      case FLOAT ->
          sink.ascii(Double.isFinite(floating(row)) ? Double.toString(floating(row)) : "null");
      case DECIMAL -> sink.ascii(decimal(row).toPlainString());
      case DATE_DAY -> sink.number(values.getInt(4 * row));
      case DATE_MILLI, TIMESTAMP -> sink.number(values.getLong(8 * row));
      case STRING -> {
        read(row);
        sink.jsonString(new String(bytes, 0, length, java.nio.charset.StandardCharsets.UTF_8));
      }
      case BINARY, FIXED_BINARY -> {
        read(row);
        byte[] value = java.util.Arrays.copyOf(bytes, length);
        sink.put('"').put(Base64.getEncoder().encode(value)).put('"');
      }
      case NULL, OTHER -> sink.ascii("null");
    }
  }

  private boolean bit(int row) {
    return (values.get(row >> 3) >> (row & 7) & 1) == 1;
  }

  private long integer(int row) {
    boolean signed = field.parameter() == 1;
    return switch (field.bits()) {
      case 8 -> signed ? values.get(row) : Byte.toUnsignedLong(values.get(row));
      case 16 -> signed ? values.getShort(2 * row) : Short.toUnsignedLong(values.getShort(2 * row));
      case 32 -> signed ? values.getInt(4 * row) : Integer.toUnsignedLong(values.getInt(4 * row));
      default -> values.getLong(8 * row);
    };
  }

  private double floating(int row) {
    return field.bits() == 32 ? values.getFloat(4 * row) : values.getDouble(8 * row);
  }

  private BigDecimal decimal(int row) {
    BigInteger upper = BigInteger.valueOf(values.getLong(16 * row + 8)).shiftLeft(Long.SIZE);
    byte[] lower = new byte[9]; // with a zero in front, so that it is not negative
    ByteBuffer.wrap(lower).putLong(1, values.getLong(16 * row));
    return new BigDecimal(upper.add(new BigInteger(lower)), field.scale());
  }

  private Verdict timestamp(int row, RowColumn target, int targetRow) {
    long value = values.getLong(8 * row);
    int perSecond =
        switch (field.parameter()) {
          case TimeUnit.SECOND -> 1;
          case TimeUnit.MILLISECOND -> 1_000;
          case TimeUnit.MICROSECOND -> 1_000_000;
          default -> 1_000_000_000;
        };
    long micros = perSecond > 1_000_000 ? Math.floorDiv(value, perSecond / 1_000_000) : value;
    if (perSecond < 1_000_000) {
      long factor = 1_000_000 / perSecond;
      boolean fits = Math.abs(value / 2) < CalendarText.LAST_MICROS / factor;
      micros = fits ? value * factor : CalendarText.TOO_FAR;
    }
    return target.setInstant(targetRow, micros);
  }

  /** Reads a string or binary into {@link #bytes}. */
  private void read(int row) {
    long from;
    long to;
    ByteBuffer source = data;
    if (field.kind() == ForeignField.Kind.FIXED_BINARY) {
      int width = field.bits() / Byte.SIZE;
      from = (long) row * width;
      to = from + width;
      source = values;
    } else if (field.bits() == 32) {
      from = values.getInt(4 * row);
      to = values.getInt(4 * row + 4);
    } else {
      from = values.getLong(8 * row);
      to = values.getLong(8 * row + 8);
    }
    if (from < 0 || to < from || to > source.limit()) {
      throw ForeignField.refused(field.name(), "has a value outside its buffer, in row " + row);
    }
    length = (int) (to - from);
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
    source.get((int) from, bytes, 0, length);
  }
}
