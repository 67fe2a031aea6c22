package io.sagitta.engine.run;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Batches that a query reads once, one after the other. */
interface RowFeed extends AutoCloseable {

  /** Returns the next batch, valid until the next call; empty at the end. */
  Optional<VectorSchemaRoot> next();

  @Override
  void close();

  /** Feeds {@code batches}, which stay the caller's. */
  static RowFeed of(List<VectorSchemaRoot> batches) {
    Iterator<VectorSchemaRoot> rest = batches.iterator();
    return new RowFeed() {
      @Override
      public Optional<VectorSchemaRoot> next() {
        return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
      }

      @Override
      public void close() {}
    };
  }
}
