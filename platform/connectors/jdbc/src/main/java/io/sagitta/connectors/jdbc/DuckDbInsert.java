package io.sagitta.connectors.jdbc;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
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
    try (ArrowReader reader = new OneBatch(rows, allocator);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      connection.registerArrowStream(VIEW, stream);
      try (PreparedStatement insert = connection.prepareStatement(statement)) {
        if (ordered) {
          insert.setLong(1, order);
        }
        insert.execute();
      }
      order += rows.getRowCount();
    } catch (IOException e) {
      throw new SQLException("The batch could not be handed over: " + e.getMessage(), e);
    }
  }

  /** A stream of one batch, which stays the caller's. */
  private static final class OneBatch extends ArrowReader {
    private final VectorSchemaRoot rows;
    private boolean given;

    OneBatch(VectorSchemaRoot rows, BufferAllocator allocator) {
      super(allocator);
      this.rows = rows;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      if (given) {
        return false;
      }
      given = true;
      try (ArrowRecordBatch batch = new VectorUnloader(rows).getRecordBatch()) {
        new VectorLoader(getVectorSchemaRoot()).load(batch);
      }
      return true;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
      return rows.getSchema();
    }
  }
}
