package io.sagitta.engine.run;

import io.sagitta.engine.codec.Gather;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Some rows of a batch, in ascending order. */
final class Selection {
  private int[] rows = new int[16];
  private int count;

  void add(int row) {
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, count * 2);
    }
    rows[count++] = row;
  }

  int count() {
    return count;
  }

  /** Returns the rows as a batch, owned by the caller; it shares buffers if they are one run. */
  VectorSchemaRoot of(VectorSchemaRoot batch, BufferAllocator allocator) {
    boolean isRun = count > 0 && rows[count - 1] - rows[0] == count - 1;
    return isRun
        ? Batches.share(batch, rows[0], count, allocator)
        : Gather.rows(batch, rows, count, allocator);
  }
}
