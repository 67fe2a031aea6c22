package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import java.sql.SQLException;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Puts batches into one table, in the transaction of its connection. */
interface RowLoader {

  /**
   * Puts {@code rows} in.
   *
   * @param rows still owned by the caller
   * @throws ConnectorException if the database cannot hold a value: names the column and the row
   */
  void load(VectorSchemaRoot rows) throws SQLException, ConnectorException;
}
