package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.FileSource;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.WireSchemas;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.DuckDBResultSet;

/** An engine of its own that makes the declared columns of files that have types. */
final class TypedRows implements AutoCloseable {
  private static final int BATCH_ROWS = 1 << 17;

  private final DuckDBConnection connection;
  private final BufferAllocator allocator;

  TypedRows(BufferAllocator allocator) throws SQLException {
    this.allocator = allocator;
    Properties options = new Properties();
    options.setProperty("threads", "1");
    options.setProperty("memory_limit", "512MB");
    options.setProperty("autoinstall_known_extensions", "false");
    options.setProperty("autoload_known_extensions", "false");
    connection = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", options);
    try (Statement session = connection.createStatement()) {
      session.execute("SET TimeZone = 'UTC'");
    }
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** Returns the names and types of what {@code relation} yields. */
  Map<String, String> columns(String relation) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM " + relation)) {
      while (rows.next()) {
        columns.put(rows.getString(1), rows.getString(2));
      }
    }
    return columns;
  }

  long count(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Returns the mapping of the columns of {@code relation}. */
  ColumnMapping mapping(String relation, String file, FileSource source)
      throws SQLException, ConnectorException {
    return ColumnMapping.of(
        file, columns(relation), source.schema(), source.eventTime().map(EventTime::field));
  }

  /**
   * Returns the rows of {@code relation} that fit.
   *
   * @param arrival the event time of rows, for a source that declares none
   */
  VectorSchemaRoot good(
      String relation, ColumnMapping mapping, FileSource source, Instant arrival, Schema schema)
      throws SQLException, IOException {
    String time =
        source.eventTime().isPresent()
            ? ""
            : ", TIMESTAMPTZ '" + arrival + "' AS " + WireSchemas.EVENT_TIME;
    String fits = mapping.reason().map(r -> " WHERE " + r + " IS NULL").orElse("");
    return rows("SELECT " + mapping.columns() + time + " FROM " + relation + fits, schema);
  }

  /** Returns the rows of {@code relation} that do not fit. */
  Optional<VectorSchemaRoot> bad(String relation, ColumnMapping mapping, String source, String file)
      throws SQLException, IOException {
    if (mapping.reason().isEmpty()) {
      return Optional.empty();
    }
    VectorSchemaRoot rejects = rows(rejects(relation, mapping, source, file), Quarantine.SCHEMA);
    if (rejects.getRowCount() == 0) {
      rejects.close();
      return Optional.empty();
    }
    return Optional.of(rejects);
  }

  /** Returns the query that gives the rejects of {@code relation}. */
  static String rejects(String relation, ColumnMapping mapping, String source, String file) {
    String reason = mapping.reason().orElse("NULL");
    return ("SELECT %s AS stage, %s AS reason, %s || %s AS detail, CAST(to_json(r) AS VARCHAR) AS"
            + " row, CAST(NULL AS BLOB) AS raw, CAST(NULL AS TIMESTAMPTZ) AS event_time FROM %s r"
            + " WHERE %s IS NOT NULL")
        .formatted(
            ColumnMapping.quoted(source),
            reason,
            ColumnMapping.quoted(file + ": "),
            mapping.detail(),
            relation,
            reason);
  }

  private VectorSchemaRoot rows(String query, Schema schema) throws SQLException, IOException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        DuckDBResultSet result = (DuckDBResultSet) statement.executeQuery();
        ArrowReader reader = (ArrowReader) result.arrowExportStream(allocator, BATCH_ROWS)) {
      VectorSchemaRoot all = VectorSchemaRoot.create(schema, allocator);
      try {
        boolean first = true;
        while (reader.loadNextBatch()) {
          if (first) {
            load(reader.getVectorSchemaRoot(), all);
          } else {
            append(reader.getVectorSchemaRoot(), all);
          }
          first = false;
        }
        return all;
      } catch (IOException | RuntimeException e) {
        all.close();
        throw e;
      }
    }
  }

  private void append(VectorSchemaRoot batch, VectorSchemaRoot all) {
    try (VectorSchemaRoot same = VectorSchemaRoot.create(all.getSchema(), allocator)) {
      load(batch, same);
      VectorSchemaRootAppender.append(false, all, same);
    }
  }

  /** The engine's columns have no metadata, and so need another root than its own. */
  private static void load(VectorSchemaRoot from, VectorSchemaRoot to) {
    try (ArrowRecordBatch batch = new VectorUnloader(from).getRecordBatch()) {
      new VectorLoader(to).load(batch);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
