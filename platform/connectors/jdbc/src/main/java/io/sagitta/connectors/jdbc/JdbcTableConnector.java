package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.LoadedTable;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.TableConnector;
import io.sagitta.definition.JdbcTable;
import io.sagitta.definition.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** Loads the result of a query, in a transaction that is rolled back. */
public final class JdbcTableConnector implements TableConnector {
  private static final int FETCH_ROWS = 10_000;

  @Override
  public boolean serves(Table table) {
    return table instanceof JdbcTable;
  }

  @Override
  public byte[] load(Table table, Reach reach, Schema schema, BufferAllocator allocator)
      throws ConnectorException {
    JdbcTable jdbc = (JdbcTable) table;
    Database database = Database.of(jdbc.url(), reach);
    String name = database.name() + ", query '" + jdbc.query().strip() + "'";
    try (Connection connection = database.connect(jdbc.user(), jdbc.password());
        VectorSchemaRoot rows = VectorSchemaRoot.create(schema, allocator)) {
      database.forbidWrites(connection);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(FETCH_ROWS);
        try (ResultSet result = statement.executeQuery(jdbc.query())) {
          ResultColumns.of(result, schema, name).readInto(rows);
        }
      } finally {
        connection.rollback();
      }
      return LoadedTable.pack(name, rows, jdbc);
    } catch (SQLException e) {
      throw RowFailure.of(name, schema).of("failed", e);
    }
  }
}
