package io.sagitta.connectors;

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
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;

/** Hands a batch to a DuckDB statement through Arrow's C stream, without an object per value. */
public final class DuckDbRows {
  private DuckDbRows() {}

  /**
   * Runs {@code statement}, which reads {@code view} once.
   *
   * @param view a name under which the statement sees the rows
   * @param rows still owned by the caller
   * @return how many rows the statement changed
   */
  public static int run(
      DuckDBConnection connection,
      String view,
      VectorSchemaRoot rows,
      BufferAllocator allocator,
      Binding statement)
      throws SQLException {
    try (ArrowReader reader = new OneBatch(rows, allocator);
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, reader, stream);
      connection.registerArrowStream(view, stream);
      try (PreparedStatement bound = statement.prepare(connection)) {
        return bound.executeUpdate();
      }
    } catch (IOException e) {
      throw new SQLException("The batch could not be handed over: " + e.getMessage(), e);
    }
  }

  /** A statement with its parameters set. */
  @FunctionalInterface
  public interface Binding {
    /** Returns the statement, to be closed by the caller. */
    PreparedStatement prepare(DuckDBConnection connection) throws SQLException;
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
