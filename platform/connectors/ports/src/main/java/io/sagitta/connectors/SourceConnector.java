package io.sagitta.connectors;

import io.sagitta.definition.Source;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** Opens readers for one kind of pull source. Found by {@link java.util.ServiceLoader}. */
public interface SourceConnector {

  /** Returns whether this connector serves {@code source}. */
  boolean serves(Source source);

  /**
   * Opens a reader that goes on after {@code position}.
   *
   * @param name the source's name, for rejects and messages
   * @param reach what the pipeline may reach; asked before anything is opened
   * @param position as a {@link SourceReader.Chunk} gave it, or empty for the start
   * @param schema the columns wanted, with their types
   * @throws ConnectorException if the system cannot be reached or refuses
   */
  SourceReader open(
      String name,
      Source source,
      Reach reach,
      String position,
      Schema schema,
      BufferAllocator allocator)
      throws ConnectorException;
}
