package io.sagitta.engine.codec;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.TransferPair;

/** Further owners of rows: batches that share buffers with another. Thread-safe. */
public final class Slices {
  private Slices() {}

  /** Returns all rows of {@code batch} with an owner of their own, who closes the result. */
  public static VectorSchemaRoot share(VectorSchemaRoot batch) {
    return of(batch, 0, batch.getRowCount());
  }

  /**
   * Returns {@code count} rows from {@code from} on with an owner of their own. Unlike Arrow's own
   * slice it never returns {@code batch} itself, so that closing one leaves the other.
   */
  public static VectorSchemaRoot of(VectorSchemaRoot batch, int from, int count) {
    List<FieldVector> columns = new ArrayList<>();
    for (FieldVector column : batch.getFieldVectors()) {
      TransferPair pair = column.getTransferPair(column.getField(), column.getAllocator());
      pair.splitAndTransfer(from, count);
      columns.add((FieldVector) pair.getTo());
    }
    return new VectorSchemaRoot(batch.getSchema(), columns, count);
  }
}
