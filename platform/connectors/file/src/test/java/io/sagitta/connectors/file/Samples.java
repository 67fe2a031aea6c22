package io.sagitta.connectors.file;

import io.sagitta.definition.DataType;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Field;
import io.sagitta.definition.FileSource;
import io.sagitta.definition.Format;
import io.sagitta.definition.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.duckdb.DuckDBResultSet;

/** Files of flights in every format. */
final class Samples {
  private Samples() {}

  static Field field(String name, String type, boolean required) {
    return new Field(name, DataType.parse(type).orElseThrow(), Optional.empty(), required, false);
  }

  static final Schema FLIGHTS =
      new Schema(
          List.of(
              field("date", "timestamp", false),
              field("delay", "int32", false),
              field("origin", "string", true)));

  static FileSource source(Path path, Format format, boolean follow) {
    return new FileSource(
        path.toString(),
        format,
        follow,
        FLIGHTS,
        Optional.of(new EventTime("date", Duration.ZERO, Optional.empty())),
        List.of());
  }

  /** Writes what {@code query} yields. */
  static void write(Path file, Format format, String query, BufferAllocator allocator)
      throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      String target = "'" + file.toString().replace("'", "''") + "'";
      switch (format) {
        case CSV ->
            statement.execute("COPY (" + query + ") TO " + target + " (FORMAT csv, HEADER)");
        case JSON -> statement.execute("COPY (" + query + ") TO " + target + " (FORMAT json)");
        case PARQUET ->
            statement.execute(
                "COPY (" + query + ") TO " + target + " (FORMAT parquet, ROW_GROUP_SIZE 100000)");
        case ARROW -> arrow(file, (DuckDBResultSet) statement.executeQuery(query), allocator);
      }
    }
  }

  private static void arrow(Path file, DuckDBResultSet rows, BufferAllocator allocator)
      throws SQLException, IOException {
    boolean stream = file.toString().endsWith(".arrows");
    try (rows;
        ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, 50_000);
        OutputStream out = Files.newOutputStream(file);
        ArrowWriter writer =
            stream
                ? new ArrowStreamWriter(reader.getVectorSchemaRoot(), null, out)
                : new ArrowFileWriter(
                    reader.getVectorSchemaRoot(), null, Channels.newChannel(out))) {
      writer.start();
      while (reader.loadNextBatch()) {
        writer.writeBatch();
      }
      writer.end();
    }
  }

  static String extension(Format format) {
    return switch (format) {
      case CSV -> ".csv";
      case JSON -> ".jsonl";
      case PARQUET -> ".parquet";
      case ARROW -> ".arrow";
    };
  }
}
