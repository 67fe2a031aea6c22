package io.sagitta.bench;

import io.sagitta.definition.Source;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.engine.codec.RowFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBResultSet;

/**
 * Flights to measure with: the 300,000 real ones of the demo, in order of departure, as often as it
 * takes, each time nineteen days later.
 *
 * @param home the repository
 * @param rows how many
 */
record Sample(Path home, int rows) {
  private static final int FILE_ROWS = 300_000;
  private static final int DAYS = 19;

  /** The demo's definition. */
  String demoDefinition() throws IOException {
    return Files.readString(folder().resolve("flights-on-time.yaml"));
  }

  private Path folder() {
    return home.resolve("pipeline-defs").resolve("aviation");
  }

  /** Returns SQL that yields the rows in their order. */
  String sql() {
    String file = folder().resolve("data").resolve("flights.parquet").toString();
    return """
        SELECT (date + to_days((%d * nth)::INTEGER))::TIMESTAMPTZ AS date, delay::INTEGER AS delay,
          distance::INTEGER AS distance, origin, destination
        FROM range(%d) times(nth), read_parquet('%s', file_row_number = true)
        ORDER BY nth, file_row_number LIMIT %d"""
        .formatted(DAYS, (rows + FILE_ROWS - 1) / FILE_ROWS, file.replace("'", "''"), rows);
  }

  /**
   * Returns the rows as Arrow, as they are on the wire of {@code source}.
   *
   * @param rowsPerBatch all batches but the last one have as many
   * @return owned by the caller
   */
  List<VectorSchemaRoot> batches(Source source, int rowsPerBatch, BufferAllocator allocator)
      throws SQLException, IOException {
    Schema schema = WireSchemas.of(source);
    List<VectorSchemaRoot> batches = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone='UTC'");
      statement.execute("SET preserve_insertion_order=true");
      try (BufferAllocator importing = allocator.newChildAllocator("import", 0, Long.MAX_VALUE);
          ResultSet result = statement.executeQuery(sql());
          ArrowReader reader =
              (ArrowReader) ((DuckDBResultSet) result).arrowExportStream(importing, rowsPerBatch)) {
        while (reader.loadNextBatch()) {
          VectorSchemaRoot came = reader.getVectorSchemaRoot();
          VectorSchemaRoot named =
              new VectorSchemaRoot(schema, came.getFieldVectors(), came.getRowCount());
          batches.add(IpcCodec.decode(IpcCodec.encode(named), allocator));
        }
      }
    }
    return batches;
  }

  /** Returns the rows as bodies of requests. */
  List<byte[]> bodies(Source source, int rowsPerBody, RowFormat format)
      throws SQLException, IOException {
    List<byte[]> bodies = new ArrayList<>();
    try (BufferAllocator allocator = new RootAllocator()) {
      for (VectorSchemaRoot batch : batches(source, rowsPerBody, allocator)) {
        try (batch) {
          bodies.add(RowEncoder.encode(batch, format));
        }
      }
    }
    return bodies;
  }

  /** Returns the rows as payloads of messages. */
  List<ByteBuffer> payloads(Source source, int rowsPerMessage) throws SQLException, IOException {
    return bodies(source, rowsPerMessage, RowFormat.ARROW).stream().map(ByteBuffer::wrap).toList();
  }
}
