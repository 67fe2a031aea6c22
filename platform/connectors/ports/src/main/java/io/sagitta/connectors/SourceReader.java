package io.sagitta.connectors;

import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Reads a pull source in an order that is the same for every reader: after the same position comes
 * the same chunk.
 */
public interface SourceReader extends AutoCloseable {

  /**
   * Returns the next chunk, or empty if there is nothing new at present.
   *
   * @throws ConnectorException if the system fails
   */
  Optional<Chunk> next() throws ConnectorException;

  /** Returns whether nothing will ever come again. */
  boolean ended();

  @Override
  void close();

  /**
   * Rows and the position after them.
   *
   * @param rows rows that could be read; owned by the receiver
   * @param rejects rows that could not, with {@link io.sagitta.engine.Quarantine#SCHEMA}; owned by
   *     the receiver
   * @param position where to go on after this chunk
   */
  record Chunk(VectorSchemaRoot rows, Optional<VectorSchemaRoot> rejects, String position)
      implements AutoCloseable {
    @Override
    public void close() {
      rows.close();
      rejects.ifPresent(VectorSchemaRoot::close);
    }
  }
}
