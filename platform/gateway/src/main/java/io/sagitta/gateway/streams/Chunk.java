package io.sagitta.gateway.streams;

import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Some rows of a stream. Closing releases them.
 *
 * @param batches of one schema, in the order of each partition
 * @param cursor behind them
 * @param more whether there are more already
 */
record Chunk(List<VectorSchemaRoot> batches, Cursor cursor, boolean more) implements AutoCloseable {
  Chunk {
    batches = List.copyOf(batches);
  }

  int rows() {
    return batches.stream().mapToInt(VectorSchemaRoot::getRowCount).sum();
  }

  @Override
  public void close() {
    batches.forEach(VectorSchemaRoot::close);
  }
}
