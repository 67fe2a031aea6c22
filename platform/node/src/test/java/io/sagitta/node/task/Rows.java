package io.sagitta.node.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** Rows as texts by column, {@code null} for none; instants are microseconds since 1970. */
final class Rows {
  static final String NULL = "null";

  private Rows() {}

  static VectorSchemaRoot batch(
      Schema schema, List<Map<String, String>> rows, BufferAllocator allocator) {
    VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
    batch.allocateNew();
    for (int row = 0; row < rows.size(); row++) {
      for (FieldVector column : batch.getFieldVectors()) {
        String value = rows.get(row).getOrDefault(column.getName(), NULL);
        if (!value.equals(NULL)) {
          set(column, row, value);
        }
      }
    }
    batch.setRowCount(rows.size());
    return batch;
  }

  private static void set(FieldVector column, int row, String value) {
    if (column instanceof BigIntVector numbers) {
      numbers.setSafe(row, Long.parseLong(value));
    } else if (column instanceof IntVector numbers) {
      numbers.setSafe(row, Integer.parseInt(value));
    } else if (column instanceof TimeStampMicroTZVector times) {
      times.setSafe(row, Long.parseLong(value));
    } else if (column instanceof VarCharVector texts) {
      texts.setSafe(row, value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } else {
      throw new IllegalArgumentException(column.getField().toString());
    }
  }

  static List<Map<String, String>> of(VectorSchemaRoot batch) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (int row = 0; row < batch.getRowCount(); row++) {
      Map<String, String> values = new LinkedHashMap<>();
      for (FieldVector column : batch.getFieldVectors()) {
        values.put(column.getName(), column.isNull(row) ? NULL : text(column, row));
      }
      rows.add(values);
    }
    return rows;
  }

  private static String text(FieldVector column, int row) {
    if (column instanceof TimeStampMicroTZVector times) {
      return Long.toString(times.get(row));
    }
    return column instanceof VarBinaryVector bytes
        ? new String(bytes.get(row), java.nio.charset.StandardCharsets.UTF_8)
        : String.valueOf(column.getObject(row));
  }

  static long micros(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }
}
