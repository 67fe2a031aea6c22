package io.sagitta.engine.run;

import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A place in the rows of several batches, moving forward; at first before the first row. */
final class RowCursor {
  private final List<VectorSchemaRoot> batches;
  private int batch;
  private int row = -1;

  RowCursor(List<VectorSchemaRoot> batches) {
    this.batches = batches;
  }

  void advance() {
    row++;
    while (row >= batches.get(batch).getRowCount()) {
      batch++;
      row = 0;
    }
  }

  VectorSchemaRoot batch() {
    return batches.get(batch);
  }

  int row() {
    return row;
  }
}
