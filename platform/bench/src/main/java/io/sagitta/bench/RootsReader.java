package io.sagitta.bench;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/** Batches in memory as a stream; buffers are shared, and the batches stay their owner's. */
final class RootsReader extends ArrowReader {
  private final Schema schema;
  private final Iterator<VectorSchemaRoot> rest;

  /** Creates one over at least one batch. */
  RootsReader(List<VectorSchemaRoot> roots, BufferAllocator allocator) {
    super(allocator);
    this.schema = roots.get(0).getSchema();
    this.rest = roots.iterator();
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    if (!rest.hasNext()) {
      return false;
    }
    try (ArrowRecordBatch batch = new VectorUnloader(rest.next()).getRecordBatch()) {
      loadRecordBatch(batch);
    }
    return true;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {}

  @Override
  protected Schema readSchema() {
    return schema;
  }
}
