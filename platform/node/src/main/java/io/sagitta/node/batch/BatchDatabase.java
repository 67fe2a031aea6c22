package io.sagitta.node.batch;

import io.sagitta.connectors.DuckDbRows;
import io.sagitta.engine.plan.ColumnTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;

/**
 * The engine of one run: sources, tables and stages are its views and tables. Large ones spill to
 * the scratch folder.
 */
final class BatchDatabase implements AutoCloseable {
  private static final String STREAM = "sagitta_stream";
  private static final int BATCH_ROWS = 100_000;
  private static final long POLL_MILLIS = 200;

  private final DuckDBConnection connection;
  private final BufferAllocator allocator;
  private final ScheduledExecutorService poll = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean cancelled;
  private volatile Optional<Statement> running = Optional.empty();

  BatchDatabase(BatchOptions options, BufferAllocator allocator) throws SQLException {
    this.allocator = allocator;
    Properties settings = new Properties();
    settings.setProperty("threads", Integer.toString(options.threads()));
    settings.setProperty("memory_limit", options.memoryBytes() / 1024 + "KiB");
    settings.setProperty("temp_directory", spill(options.scratch()).toString());
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    connection = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", settings);
    execute("SET GLOBAL TimeZone = 'UTC'");
  }

  /**
   * Cuts the engine off from everything but what the run itself reads and writes; nothing can give
   * it back what it lost.
   *
   * @param files to read
   * @param folders to write to
   */
  void lock(Collection<Path> files, Collection<Path> folders) throws SQLException {
    List<Path> paths = new ArrayList<>(files);
    // A folder's name is not in the folder.
    paths.addAll(folders);
    execute("SET allowed_paths = " + list(paths));
    execute("SET allowed_directories = " + list(folders));
    execute("SET enable_external_access = false");
    execute("SET lock_configuration = true");
  }

  private static String list(Collection<Path> paths) {
    return paths.stream()
        .map(path -> "'" + path.toString().replace("'", "''") + "'")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static Path spill(Path scratch) {
    return scratch.resolve("spill");
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** Stops the statement that runs, and every later one. */
  void cancel() {
    cancelled = true;
    running.ifPresent(
        statement -> {
          try {
            statement.cancel();
          } catch (SQLException e) {
            throw new IllegalStateException("The statement cannot be stopped", e);
          }
        });
  }

  boolean cancelled() {
    return cancelled;
  }

  void execute(String sql) throws SQLException {
    execute(sql, fraction -> {});
  }

  /** Runs {@code sql} and tells how far it is; returns how many rows it changed or copied. */
  long execute(String sql, Progress progress) throws SQLException {
    try (DuckDBPreparedStatement statement =
        (DuckDBPreparedStatement) connection.prepareStatement(sql)) {
      running = Optional.of(statement);
      if (cancelled) {
        throw new SQLException("The run was cancelled");
      }
      ScheduledFuture<?> polling =
          poll.scheduleWithFixedDelay(
              () -> tell(statement, progress), POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
      try {
        statement.execute();
        return Math.max(0, statement.getUpdateCount());
      } finally {
        polling.cancel(false);
        running = Optional.empty();
      }
    }
  }

  /** Hears how far a statement is. */
  @FunctionalInterface
  interface Progress {
    void at(double fraction);
  }

  private static void tell(DuckDBPreparedStatement statement, Progress progress) {
    try {
      progress.at(Math.max(0, Math.min(1, statement.getQueryProgress().getPercentage() / 100)));
    } catch (SQLException e) {
      // The statement has just ended: there is nothing to tell.
    }
  }

  long number(String query) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Creates the table {@code name} from the bytes of an Arrow IPC stream. */
  void createTable(String name, byte[] stream) throws SQLException, IOException {
    try (ArrowStreamReader reader =
        new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
      createEmpty(name, reader.getVectorSchemaRoot().getSchema());
      while (reader.loadNextBatch()) {
        insert(name, reader.getVectorSchemaRoot());
      }
    }
  }

  /**
   * Creates the table {@code name} without rows. By its types and not by way of Arrow, whose native
   * library a run may need for nothing else.
   */
  void createEmpty(String name, Schema schema) throws SQLException {
    execute(
        schema.getFields().stream()
            .map(f -> quote(f.getName()) + " " + ColumnTypes.sql(f.getType()))
            .collect(Collectors.joining(", ", "CREATE TABLE " + name + " (", ")")));
  }

  /** Inserts {@code rows}, which stay the caller's, into {@code table}. */
  void insert(String table, VectorSchemaRoot rows) throws SQLException {
    if (rows.getRowCount() > 0) {
      run("INSERT INTO " + table + " SELECT * FROM " + STREAM, rows);
    }
  }

  private void run(String sql, VectorSchemaRoot rows) throws SQLException {
    DuckDbRows.run(connection, STREAM, rows, allocator, on -> on.prepareStatement(sql));
  }

  /**
   * Runs {@code query} and hands on its rows as batches of {@code schema}, which {@code taker}
   * closes. It has a connection of its own, so that the taker can run statements.
   */
  <E extends Exception> void forEach(String query, Schema schema, Taker<E> taker)
      throws SQLException, IOException, E {
    try (DuckDBConnection own = connection.duplicate();
        var statement = own.prepareStatement(query);
        DuckDBResultSet result = (DuckDBResultSet) statement.executeQuery();
        ArrowReader reader = (ArrowReader) result.arrowExportStream(allocator, BATCH_ROWS)) {
      while (reader.loadNextBatch()) {
        if (cancelled) {
          throw new SQLException("The run was cancelled");
        }
        VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
        try (ArrowRecordBatch buffers =
            new VectorUnloader(reader.getVectorSchemaRoot()).getRecordBatch()) {
          new VectorLoader(batch).load(buffers);
        } catch (RuntimeException e) {
          batch.close();
          throw e;
        }
        taker.take(batch);
      }
    }
  }

  /** Takes batches and closes them. */
  @FunctionalInterface
  interface Taker<E extends Exception> {
    void take(VectorSchemaRoot batch) throws E, SQLException;
  }

  /** Returns {@code name} as SQL. */
  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws SQLException {
    poll.shutdownNow();
    connection.close();
  }
}
