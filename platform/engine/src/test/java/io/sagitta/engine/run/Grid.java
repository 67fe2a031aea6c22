package io.sagitta.engine.run;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
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

/** Batches from values and back. Instants are written as ISO 8601 or as microseconds. */
final class Grid {
  private Grid() {}

  /** A row's values. */
  static List<Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  static VectorSchemaRoot batch(Schema schema, BufferAllocator allocator, List<List<Object>> rows) {
    VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
    batch.allocateNew();
    for (int i = 0; i < rows.size(); i++) {
      for (int c = 0; c < schema.getFields().size(); c++) {
        Object value = rows.get(i).get(c);
        if (value != null) {
          set(batch.getVector(c), i, value);
        }
      }
    }
    batch.setRowCount(rows.size());
    return batch;
  }

  private static void set(FieldVector column, int row, Object value) {
    if (column instanceof VarCharVector text) {
      text.setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
    } else if (column instanceof VarBinaryVector bytes) {
      bytes.setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
    } else if (column instanceof TimeStampMicroTZVector times) {
      times.setSafe(row, value instanceof Long micros ? micros : micros(value.toString()));
    } else if (column instanceof BigIntVector v) {
      v.setSafe(row, ((Number) value).longValue());
    } else if (column instanceof IntVector v) {
      v.setSafe(row, ((Number) value).intValue());
    } else if (column instanceof SmallIntVector v) {
      v.setSafe(row, ((Number) value).intValue());
    } else if (column instanceof TinyIntVector v) {
      v.setSafe(row, ((Number) value).intValue());
    } else if (column instanceof DateDayVector v) {
      v.setSafe(row, ((Number) value).intValue());
    } else if (column instanceof Float8Vector v) {
      v.setSafe(row, ((Number) value).doubleValue());
    } else if (column instanceof Float4Vector v) {
      v.setSafe(row, ((Number) value).floatValue());
    } else if (column instanceof BitVector v) {
      v.setSafe(row, (Boolean) value ? 1 : 0);
    } else if (column instanceof DecimalVector v) {
      v.setSafe(row, ((BigDecimal) value).setScale(v.getScale()));
    } else {
      throw new IllegalArgumentException(column.getField().toString());
    }
  }

  static List<List<Object>> values(VectorSchemaRoot batch) {
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < batch.getRowCount(); i++) {
      List<Object> row = new ArrayList<>();
      for (FieldVector column : batch.getFieldVectors()) {
        row.add(column.isNull(i) ? null : value(column, i));
      }
      rows.add(row);
    }
    return rows;
  }

  private static @Nullable Object value(FieldVector column, int row) {
    if (column instanceof VarCharVector text) {
      return text.getObject(row).toString();
    } else if (column instanceof TimeStampMicroTZVector times) {
      return Instant.EPOCH.plus(times.get(row), ChronoUnit.MICROS).toString();
    } else if (column instanceof VarBinaryVector bytes) {
      return new String(bytes.get(row), StandardCharsets.UTF_8);
    }
    Object value = column.getObject(row);
    return value instanceof Byte || value instanceof Short || value instanceof Integer
        ? (Object) ((Number) value).longValue()
        : value;
  }

  static long micros(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }
}
