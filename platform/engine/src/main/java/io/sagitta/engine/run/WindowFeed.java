package io.sagitta.engine.run;

import io.sagitta.engine.run.WindowSpans.Span;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rows of one input in windows, each with its window; one chunk at a time is in memory. */
final class WindowFeed implements RowFeed {
  private final Schema schema;
  private final BufferAllocator allocator;
  private final Iterator<Part> rest;
  private Optional<VectorSchemaRoot> current = Optional.empty();

  /**
   * Rows of a window.
   *
   * @param window empty if no event time bounds it
   */
  record Part(Optional<Span> window, Chunk chunk) {}

  /**
   * Feeds {@code parts}.
   *
   * @param schema the input's columns and, last, start and end of the window
   */
  WindowFeed(Schema schema, List<Part> parts, BufferAllocator allocator) {
    this.schema = schema;
    this.allocator = allocator;
    this.rest = parts.iterator();
  }

  @Override
  public Optional<VectorSchemaRoot> next() {
    close();
    if (rest.hasNext()) {
      Part part = rest.next();
      current = Optional.of(withWindow(part.chunk().load(), part.window()));
    }
    return current;
  }

  private VectorSchemaRoot withWindow(VectorSchemaRoot rows, Optional<Span> window) {
    List<Field> fields = schema.getFields();
    List<FieldVector> columns = new ArrayList<>(rows.getFieldVectors());
    int count = rows.getRowCount();
    columns.add(bound(fields.get(columns.size()), window.map(Span::start), count, allocator));
    columns.add(bound(fields.get(columns.size()), window.map(Span::end), count, allocator));
    return new VectorSchemaRoot(schema, columns, count);
  }

  /** Returns a column of where windows start or end. */
  static FieldVector bound(
      Field field, Optional<Long> micros, int count, BufferAllocator allocator) {
    return micros.isPresent()
        ? Batches.instants(field, micros.get(), count, allocator)
        : Batches.noInstants(field, count, allocator);
  }

  @Override
  public void close() {
    current.ifPresent(VectorSchemaRoot::close);
    current = Optional.empty();
  }
}
