package io.sagitta.engine.run;

import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/**
 * A relation that SQL knows under a name and whose rows are given anew for every call.
 *
 * <p>DuckDB's view holds the address of a C stream struct and takes the struct's content when a
 * scan starts. So the view is registered once and only the struct is filled again: that saves the
 * registration and, since statements stay prepared, the preparation of every call, together three
 * quarters of the fixed cost (0.2 ms instead of 1.1 ms on the machine of docs/performance.md).
 */
final class StreamSlot implements AutoCloseable {
  private final Schema schema;
  private final BufferAllocator exchange;
  private final ArrowArrayStream stream;

  /**
   * Creates one without rows.
   *
   * @param exchange see {@link DuckSession#exchange}
   */
  StreamSlot(DuckDBConnection connection, String name, Schema schema, BufferAllocator exchange) {
    this.schema = schema;
    this.exchange = exchange;
    this.stream = ArrowArrayStream.allocateNew(exchange);
    try {
      fill(RowFeed.of(List.of()));
      connection.registerArrowStream(name, stream);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  Schema schema() {
    return schema;
  }

  /** Gives the rows of the next scan; DuckDB, or the next call, closes {@code feed}. */
  void fill(RowFeed feed) {
    empty();
    Data.exportArrayStream(exchange, new FeedReader(exchange, schema, feed), stream);
  }

  /** Releases a feed that no scan took, since the query did not need its rows. */
  void empty() {
    if (stream.snapshot().release != 0) {
      stream.release();
      stream.save(new ArrowArrayStream.Snapshot());
    }
  }

  @Override
  public void close() {
    empty();
    stream.close();
  }
}
