package io.sagitta.engine.codec;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Small batches from literals, one {@link #column} after the other. */
final class Batches {
  private final BufferAllocator allocator;
  private final List<FieldVector> columns = new ArrayList<>();
  private int rows;

  Batches(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  Batches column(String name, ArrowType type, @Nullable Object... values) {
    FieldVector column = Field.nullable(name, type).createVector(allocator);
    column.setInitialCapacity(values.length);
    column.allocateNew();
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null) {
        set(column, i, value);
      }
    }
    column.setValueCount(values.length);
    columns.add(column);
    rows = values.length;
    return this;
  }

  VectorSchemaRoot build() {
    return new VectorSchemaRoot(
        columns.stream().map(FieldVector::getField).toList(), List.copyOf(columns), rows);
  }

  private static void set(FieldVector column, int i, Object value) {
    if (column instanceof BitVector v) {
      v.setSafe(i, (Boolean) value ? 1 : 0);
    } else if (column instanceof TinyIntVector v) {
      v.setSafe(i, ((Number) value).intValue());
    } else if (column instanceof SmallIntVector v) {
      v.setSafe(i, ((Number) value).intValue());
    } else if (column instanceof IntVector v) {
      v.setSafe(i, ((Number) value).intValue());
    } else if (column instanceof BigIntVector v) {
      v.setSafe(i, ((Number) value).longValue());
    } else if (column instanceof Float4Vector v) {
      v.setSafe(i, ((Number) value).floatValue());
    } else if (column instanceof Float8Vector v) {
      v.setSafe(i, ((Number) value).doubleValue());
    } else if (column instanceof DecimalVector v) {
      v.setSafe(i, ((BigDecimal) value).setScale(v.getScale()));
    } else if (column instanceof DateDayVector v) {
      v.setSafe(i, ((Number) value).intValue());
    } else if (column instanceof TimeStampVector v) {
      v.setSafe(i, ((Number) value).longValue());
    } else if (column instanceof VarCharVector v) {
      v.setSafe(i, ((String) value).getBytes(StandardCharsets.UTF_8));
    } else if (column instanceof VarBinaryVector v) {
      v.setSafe(i, (byte[]) value);
    } else {
      throw new IllegalArgumentException(column.getField().toString());
    }
  }
}
