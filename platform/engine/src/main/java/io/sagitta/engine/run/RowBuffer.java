package io.sagitta.engine.run;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.VectorAppender;

/** A batch that grows by copies of other batches' rows. */
final class RowBuffer implements AutoCloseable {
  private final VectorSchemaRoot batch;

  RowBuffer(Schema schema, BufferAllocator allocator) {
    batch = VectorSchemaRoot.create(schema, allocator);
  }

  /** Copies all rows of {@code rows}, a batch of the same columns, to the end. */
  void append(VectorSchemaRoot rows) {
    boolean first = batch.getRowCount() == 0;
    for (int i = 0; i < batch.getFieldVectors().size(); i++) {
      FieldVector to = batch.getVector(i);
      if (first) {
        to.setInitialCapacity(Math.max(rows.getRowCount(), 8));
        to.allocateNew();
        to.setValueCount(0);
      }
      rows.getVector(i).accept(new VectorAppender(to), null);
    }
    batch.setRowCount(batch.getRowCount() + rows.getRowCount());
  }

  int rowCount() {
    return batch.getRowCount();
  }

  /** Returns the rows; they belong to whoever closes first, this or the caller. */
  VectorSchemaRoot batch() {
    return batch;
  }

  @Override
  public void close() {
    batch.close();
  }
}
