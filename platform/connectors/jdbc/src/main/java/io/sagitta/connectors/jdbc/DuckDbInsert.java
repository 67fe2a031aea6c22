package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.DuckDbRows;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/** Loads batches through Arrow's C stream, without a Java object per value. */
final class DuckDbInsert implements RowLoader {
  private static final String VIEW = "sagitta_rows";

  private final DuckDBConnection connection;
  private final String statement;
  private final boolean ordered;
  private final BufferAllocator allocator;
  private long order;

  DuckDbInsert(
      DuckDBConnection connection,
      String table,
      Schema schema,
      boolean ordered,
      BufferAllocator allocator) {
    this.connection = connection;
    this.ordered = ordered;
    this.allocator = allocator;
    String columns = TableName.quoted(schema.getFields().stream().map(Field::getName).toList());
    this.statement =
        "INSERT INTO %s (%s%s) SELECT %s%s FROM %s"
            .formatted(
                table,
                columns,
                ordered ? ", " + Database.ORDER : "",
                columns,
                ordered ? ", ? + row_number() OVER ()" : "",
                VIEW);
  }

  @Override
  public void load(VectorSchemaRoot rows) throws SQLException {
    DuckDbRows.run(connection, VIEW, rows, allocator, this::prepare);
    order += rows.getRowCount();
  }

  private PreparedStatement prepare(DuckDBConnection on) throws SQLException {
    PreparedStatement insert = on.prepareStatement(statement);
    if (ordered) {
      insert.setLong(1, order);
    }
    return insert;
  }
}
