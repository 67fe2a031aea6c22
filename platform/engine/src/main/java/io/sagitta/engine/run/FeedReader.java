package io.sagitta.engine.run;

import java.io.IOException;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/** A feed as the Arrow stream that DuckDB scans. Buffers are shared, never copied. */
final class FeedReader extends ArrowReader {
  private final Schema schema;
  private final RowFeed feed;

  FeedReader(BufferAllocator allocator, Schema schema, RowFeed feed) {
    super(allocator);
    this.schema = schema;
    this.feed = feed;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    prepareLoadNextBatch();
    Optional<VectorSchemaRoot> next = feed.next();
    if (next.isEmpty()) {
      return false;
    }
    try (ArrowRecordBatch batch = new VectorUnloader(next.get()).getRecordBatch()) {
      loadRecordBatch(batch);
    }
    return true;
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    feed.close();
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }
}
