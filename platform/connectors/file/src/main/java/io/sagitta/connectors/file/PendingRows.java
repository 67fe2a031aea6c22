package io.sagitta.connectors.file;

import io.sagitta.connectors.DuckDbRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * Rows that wait to become Parquet files, in an engine of their own: off heap, and in a file beyond
 * {@link #MEMORY}.
 */
final class PendingRows implements AutoCloseable {
  private static final String MEMORY = "128MB";
  private static final String TABLE = "pending";
  private static final String VIEW = "batch";

  private final DuckDBConnection connection;
  private final BufferAllocator allocator;
  private final List<PartitionColumn> partitions;
  private boolean created;
  private long rows;
  private long bytes;

  /**
   * Opens it without rows.
   *
   * @param spill a folder of its own
   */
  PendingRows(Path spill, List<PartitionColumn> partitions, BufferAllocator allocator)
      throws SQLException {
    this.allocator = allocator;
    this.partitions = partitions;
    Properties options = new Properties();
    options.setProperty("memory_limit", MEMORY);
    // One thread writes one file per partition, and tasks are what runs beside each other.
    options.setProperty("threads", "1");
    options.setProperty("temp_directory", spill.toString());
    options.setProperty("autoinstall_known_extensions", "false");
    options.setProperty("autoload_known_extensions", "false");
    connection = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", options);
    execute("SET TimeZone = 'UTC'");
  }

  long rows() {
    return rows;
  }

  /** Returns how much memory the rows took as Arrow. */
  long bytes() {
    return bytes;
  }

  void add(VectorSchemaRoot batch) throws SQLException {
    String sql =
        (created ? "INSERT INTO " + TABLE : "CREATE TABLE " + TABLE + " AS")
            + " SELECT * FROM "
            + VIEW;
    DuckDbRows.run(connection, VIEW, batch, allocator, on -> on.prepareStatement(sql));
    created = true;
    rows += batch.getRowCount();
    bytes += batch.getFieldVectors().stream().mapToLong(v -> v.getBufferSize()).sum();
  }

  /** Writes all rows as files below {@code folder}, which is new, and forgets them. */
  List<Path> write(Path folder) throws SQLException, IOException {
    Files.createDirectories(folder);
    Path target = partitions.isEmpty() ? folder.resolve("rows") : folder;
    execute(
        "COPY ("
            + select()
            + ") TO '"
            + target.toString().replace("'", "''")
            + "' (FORMAT parquet, COMPRESSION zstd"
            + options()
            + ")");
    execute("DROP TABLE " + TABLE);
    created = false;
    rows = 0;
    bytes = 0;
    return new ArrayList<>(Folders.files(folder));
  }

  private String select() {
    return "SELECT *" + PartitionColumn.added(partitions) + " FROM " + TABLE;
  }

  private String options() {
    return partitions.isEmpty()
        ? ""
        : PartitionColumn.options(partitions) + ", FILE_EXTENSION 'staged'";
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
