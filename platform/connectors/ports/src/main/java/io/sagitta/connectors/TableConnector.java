package io.sagitta.connectors;

import io.sagitta.definition.Table;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** Loads one kind of table whole. Found by {@link java.util.ServiceLoader}. */
public interface TableConnector {

  /** Returns whether this connector serves {@code table}. */
  boolean serves(Table table);

  /**
   * Loads all rows, checked for a unique key, as the bytes of an Arrow IPC stream.
   *
   * @param reach what the pipeline may reach; asked before anything is opened
   * @param schema the columns wanted, with their types
   * @throws ConnectorException if the system fails, a value does not fit, or a key repeats: names
   *     the row
   */
  byte[] load(Table table, Reach reach, Schema schema, BufferAllocator allocator)
      throws ConnectorException;
}
