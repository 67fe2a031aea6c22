package io.sagitta.bench;

import io.sagitta.definition.CleanStage;
import io.sagitta.engine.WireSchemas;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/** The query of the chain behind {@code flights} by DuckDB's own driver, with one thread. */
final class PlainDuck implements AutoCloseable {
  private static final String RELATION = "wire";
  private static final int OUTPUT_ROWS = 100_000;

  private final DuckDBConnection connection;
  private final BufferAllocator allocator;
  private final String sql;

  PlainDuck(Pipeline pipeline, BufferAllocator allocator) throws SQLException {
    this.allocator = allocator;
    this.sql = sql(pipeline);
    this.connection =
        (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", new java.util.Properties());
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone='UTC'");
      statement.execute("SET threads=1");
    }
  }

  private static String sql(Pipeline pipeline) {
    String time = pipeline.source().eventTime().orElseThrow().field();
    List<String> ctes = new ArrayList<>();
    ctes.add(
        "%s AS (SELECT *, \"%s\" AS %s FROM %s)"
            .formatted(Pipeline.SOURCE, time, WireSchemas.EVENT_TIME, RELATION));
    String last = Pipeline.SOURCE;
    for (String stage : pipeline.chain().rowLocal()) {
      String query = pipeline.plan().queries().get(stage);
      if (pipeline.plan().definition().spec().stages().get(stage) instanceof CleanStage) {
        query = "SELECT * EXCLUDE (__reason) FROM (" + query + ") WHERE __reason IS NULL";
      }
      ctes.add("\"%s\" AS (%s)".formatted(stage, query));
      last = stage;
    }
    return "WITH %s SELECT * FROM \"%s\"".formatted(String.join(", ", ctes), last);
  }

  /**
   * Runs the query over {@code batches}, which stay the caller's.
   *
   * @return rows that came out
   */
  long run(List<VectorSchemaRoot> batches) throws SQLException, IOException {
    long made = 0;
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, new RootsReader(batches, allocator), stream);
      connection.registerArrowStream(RELATION, stream);
      try (PreparedStatement statement = connection.prepareStatement(sql);
          ResultSet result = statement.executeQuery();
          ArrowReader reader =
              (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(allocator, OUTPUT_ROWS)) {
        while (reader.loadNextBatch()) {
          made += reader.getVectorSchemaRoot().getRowCount();
        }
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP VIEW " + RELATION);
    }
    return made;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
