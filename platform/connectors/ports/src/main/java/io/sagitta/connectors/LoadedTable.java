package io.sagitta.connectors;

import io.sagitta.definition.Field;
import io.sagitta.definition.Table;
import io.sagitta.engine.WireSchemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/**
 * A table's rows, checked and packed for the nodes: no required value is missing, and no key
 * repeats. Rows are numbered from 1, in messages too.
 */
public final class LoadedTable {
  /** A table is held in memory by every task that joins it. */
  public static final long MOST_BYTES = 1L << 30;

  private static final int BATCH_ROWS = 65_536;
  private static final int MOST_NAMED = 5;

  private LoadedTable() {}

  /**
   * Returns {@code rows} as the bytes of an Arrow IPC stream.
   *
   * @param name of the table, for messages
   * @param rows all rows, of at least one column; still owned by the caller
   * @param table says which columns are required, and which identify a row
   * @throws ConnectorException if a row breaks a rule, or the table is larger than {@link
   *     #MOST_BYTES}
   */
  public static byte[] pack(String name, VectorSchemaRoot rows, Table table)
      throws ConnectorException {
    List<String> problems = new ArrayList<>();
    checkRequired(rows, table, problems);
    if (problems.isEmpty() && !table.key().isEmpty()) {
      checkUnique(rows, table.key(), problems);
    }
    if (!problems.isEmpty()) {
      throw new ConnectorException(
          name + ": " + String.join("; ", problems) + ". Correct the data or the declared key");
    }
    long bytes = rows.getFieldVectors().stream().mapToLong(FieldVector::getBufferSize).sum();
    if (bytes > MOST_BYTES) {
      throw new ConnectorException(
          "%s holds %d MiB, and a table may hold %d: select fewer columns or rows, or make it a source"
              .formatted(name, bytes >> 20, MOST_BYTES >> 20));
    }
    return bytes(rows);
  }

  private static void checkRequired(VectorSchemaRoot rows, Table table, List<String> problems) {
    for (FieldVector vector : rows.getFieldVectors()) {
      String column = vector.getName();
      boolean isKey = table.key().contains(column);
      boolean required = isKey || table.schema().field(column).filter(Field::required).isPresent();
      for (int row = 0; row < rows.getRowCount() && problems.size() < MOST_NAMED; row++) {
        if (required && vector.isNull(row)) {
          problems.add(
              "row %d has no %s, which is %s"
                  .formatted(row + 1, column, isKey ? "its key" : "required"));
        }
      }
    }
  }

  /** An open-addressed hash table of row numbers: four to eight bytes a row, whatever the key. */
  private static void checkUnique(VectorSchemaRoot rows, List<String> key, List<String> problems) {
    List<FieldVector> columns = key.stream().map(rows::getVector).toList();
    int[] slots = new int[Math.max(2, Integer.highestOneBit(Math.max(1, rows.getRowCount())) * 4)];
    for (int row = 0; row < rows.getRowCount() && problems.size() < MOST_NAMED; row++) {
      int slot = hash(columns, row) & (slots.length - 1);
      while (slots[slot] != 0 && !same(columns, slots[slot] - 1, row)) {
        slot = (slot + 1) & (slots.length - 1);
      }
      if (slots[slot] != 0) {
        problems.add(
            "the key %s is in row %d and again in row %d"
                .formatted(shown(columns, row), slots[slot], row + 1));
      } else {
        slots[slot] = row + 1;
      }
    }
  }

  private static int hash(List<FieldVector> columns, int row) {
    int hash = 0;
    for (FieldVector column : columns) {
      hash = 31 * hash + column.hashCode(row);
    }
    // Spreads hashes of consecutive numbers over the upper bits too.
    return (hash * 0x9E3779B9) >>> 7;
  }

  private static boolean same(List<FieldVector> columns, int row, int other) {
    return columns.stream().allMatch(c -> Objects.equals(c.getObject(row), c.getObject(other)));
  }

  private static String shown(List<FieldVector> columns, int row) {
    List<String> values = new ArrayList<>();
    for (FieldVector column : columns) {
      values.add(
          WireSchemas.isSensitive(column.getField())
              ? column.getName()
              : column.getName() + " = " + column.getObject(row));
    }
    return String.join(", ", values);
  }

  private static byte[] bytes(VectorSchemaRoot rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (VectorSchemaRoot batch =
            VectorSchemaRoot.create(rows.getSchema(), rows.getVector(0).getAllocator());
        ArrowStreamWriter writer = new ArrowStreamWriter(batch, null, bytes)) {
      writer.start();
      VectorLoader loader = new VectorLoader(batch);
      for (int from = 0; from < rows.getRowCount(); from += BATCH_ROWS) {
        int count = Math.min(BATCH_ROWS, rows.getRowCount() - from);
        try (VectorSchemaRoot slice = rows.slice(from, count);
            ArrowRecordBatch moved = new VectorUnloader(slice).getRecordBatch()) {
          loader.load(moved);
          writer.writeBatch();
        }
      }
      writer.end();
    } catch (IOException e) {
      throw new IllegalStateException("Writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
