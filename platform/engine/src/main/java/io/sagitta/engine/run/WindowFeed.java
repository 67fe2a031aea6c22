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

  /** Rows of a window. */
  record Part(Span window, Chunk chunk) {}

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

  private VectorSchemaRoot withWindow(VectorSchemaRoot rows, Span window) {
    List<Field> fields = schema.getFields();
    List<FieldVector> columns = new ArrayList<>(rows.getFieldVectors());
    int count = rows.getRowCount();
    columns.add(Batches.instants(fields.get(columns.size()), window.start(), count, allocator));
    columns.add(Batches.instants(fields.get(columns.size()), window.end(), count, allocator));
    return new VectorSchemaRoot(schema, columns, count);
  }

  @Override
  public void close() {
    current.ifPresent(VectorSchemaRoot::close);
    current = Optional.empty();
  }
}
