package io.sagitta.gateway.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Makes batches of several revisions of a stream alike. */
final class Conform {
  private Conform() {}

  /**
   * Returns the batches with the columns of {@code schema}: by name and type, NULL where a batch
   * has none.
   *
   * @param batches stay the caller's, who keeps them open as long as the result is used
   */
  static List<VectorSchemaRoot> all(List<VectorSchemaRoot> batches, Optional<Schema> schema) {
    return batches.stream()
        .map(
            batch ->
                schema.isEmpty() || batch.getSchema().equals(schema.get())
                    ? batch
                    : to(batch, schema.get()))
        .toList();
  }

  private static VectorSchemaRoot to(VectorSchemaRoot batch, Schema schema) {
    List<FieldVector> columns = new ArrayList<>();
    for (Field field : schema.getFields()) {
      FieldVector there = batch.getVector(field.getName());
      if (there != null && there.getField().getType().equals(field.getType())) {
        columns.add(there);
      } else {
        FieldVector absent = new org.apache.arrow.vector.NullVector(field, batch.getRowCount());
        columns.add(absent);
      }
    }
    return new VectorSchemaRoot(columns);
  }
}
