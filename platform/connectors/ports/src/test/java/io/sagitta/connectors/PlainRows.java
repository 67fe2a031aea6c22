package io.sagitta.connectors;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
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
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Rows as plain Java values, one form for what a test writes and what it reads back: Boolean, Long,
 * Float, Double, BigDecimal, String, LocalDate, Instant, and base64 text for bytes.
 */
public final class PlainRows {
  private PlainRows() {}

  /** Returns one row. */
  public static List<@Nullable Object> row(@Nullable Object... values) {
    return new ArrayList<>(Arrays.asList(values));
  }

  /** Returns {@code rows} as a batch of {@code schema}, owned by the caller. */
  public static VectorSchemaRoot batch(
      Schema schema, BufferAllocator allocator, List<List<@Nullable Object>> rows) {
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    root.allocateNew();
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < schema.getFields().size(); column++) {
        set(root.getVector(column), row, rows.get(row).get(column));
      }
    }
    root.setRowCount(rows.size());
    return root;
  }

  private static void set(FieldVector vector, int row, @Nullable Object value) {
    if (value == null) {
      vector.setNull(row);
    } else if (vector instanceof BitVector v) {
      v.setSafe(row, (Boolean) value ? 1 : 0);
    } else if (vector instanceof TinyIntVector v) {
      v.setSafe(row, (byte) (long) value);
    } else if (vector instanceof SmallIntVector v) {
      v.setSafe(row, (short) (long) value);
    } else if (vector instanceof IntVector v) {
      v.setSafe(row, (int) (long) value);
    } else if (vector instanceof BigIntVector v) {
      v.setSafe(row, (long) value);
    } else if (vector instanceof Float4Vector v) {
      v.setSafe(row, (float) value);
    } else if (vector instanceof Float8Vector v) {
      v.setSafe(row, (double) value);
    } else if (vector instanceof DecimalVector v) {
      v.setSafe(row, (BigDecimal) value);
    } else if (vector instanceof VarCharVector v) {
      v.setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
    } else if (vector instanceof VarBinaryVector v) {
      v.setSafe(row, Base64.getDecoder().decode((String) value));
    } else if (vector instanceof DateDayVector v) {
      v.setSafe(row, (int) ((LocalDate) value).toEpochDay());
    } else if (vector instanceof TimeStampMicroTZVector v) {
      v.setSafe(row, ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
    } else {
      throw new IllegalArgumentException("No plain form of " + vector.getField());
    }
  }

  /** Returns the rows of {@code batch}. */
  public static List<List<@Nullable Object>> of(VectorSchemaRoot batch) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.getRowCount(); row++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (FieldVector vector : batch.getFieldVectors()) {
        Object value = vector.getObject(row);
        values.add(
            vector instanceof TimeStampMicroTZVector && value != null
                ? Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS)
                : vector instanceof DateDayVector && value != null
                    ? LocalDate.ofEpochDay((Integer) value)
                    : plain(value));
      }
      rows.add(values);
    }
    return rows;
  }

  /** Returns all rows of {@code result}. */
  public static List<List<@Nullable Object>> of(ResultSet result) throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
        String type = result.getMetaData().getColumnTypeName(column);
        values.add(
            switch (type) {
              case "timestamptz", "TIMESTAMP WITH TIME ZONE" ->
                  plain(result.getObject(column, OffsetDateTime.class));
              case "date", "DATE" -> plain(result.getObject(column, LocalDate.class));
              case "bytea", "BLOB" -> plain(result.getBytes(column));
              default -> plain(result.getObject(column));
            });
      }
      rows.add(values);
    }
    return rows;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).longValue();
    } else if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    } else if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    } else if (value instanceof org.apache.arrow.vector.util.Text text) {
      return text.toString();
    }
    return value;
  }
}
