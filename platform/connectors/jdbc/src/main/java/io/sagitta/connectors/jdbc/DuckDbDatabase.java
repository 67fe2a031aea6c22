package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** A DuckDB file. One process at a time can write it; its connections share one instance. */
final class DuckDbDatabase implements Database {
  private static final String PREFIX = "jdbc:duckdb:";

  private static final Object CREATION = new Object();

  private final Path file;

  private DuckDbDatabase(Path file) {
    this.file = file;
  }

  static DuckDbDatabase of(String url, Reach reach) throws ConnectorException {
    String path = url.substring(PREFIX.length());
    if (path.isBlank() || path.contains(":") || path.contains(";") || path.contains("?")) {
      throw new ConnectorException(
          "url: '" + url + "' is no DuckDB file. Write jdbc:duckdb:/path/to/file.duckdb");
    }
    return new DuckDbDatabase(reach.duckDb(path));
  }

  @Override
  public String name() {
    return "DuckDB file " + file;
  }

  @Override
  public Connection connect(Optional<String> user, Optional<String> password)
      throws ConnectorException {
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ConnectorException(name() + ": there is no folder " + folder + "; create it");
    }
    try {
      Connection connection = new DuckDBDriver().connect(PREFIX + file, new Properties());
      try (Statement session = connection.createStatement()) {
        session.execute("SET TimeZone = 'UTC'");
        session.execute("SET autoinstall_known_extensions = false");
        session.execute("SET autoload_known_extensions = false");
      }
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      String mend =
          e.getMessage() != null && e.getMessage().contains("lock")
              ? ". Another process has it open, and only one can: stop it, or write to PostgreSQL"
              : ". Check that it is a DuckDB file and may be written";
      throw new ConnectorException(name() + " cannot be opened: " + e.getMessage() + mend, e);
    }
  }

  /** The catalog is named after the file, so that a schema of the same name is ambiguous. */
  @Override
  public TableName table(Connection connection, String name) throws SQLException {
    TableName parsed = TableName.parse(name);
    try (Statement ask = connection.createStatement();
        ResultSet row = ask.executeQuery("SELECT current_database(), current_schema()")) {
      row.next();
      return new TableName(
          Optional.of(row.getString(1)),
          Optional.of(parsed.schema().orElse(row.getString(2))),
          parsed.table());
    }
  }

  /** Nothing outside the file can be read or written from then on, in the whole process. */
  @Override
  public void forbidWrites(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement session = connection.createStatement()) {
      session.execute("SET enable_external_access = false");
      session.execute("BEGIN TRANSACTION READ ONLY");
    }
  }

  @Override
  public Optional<String> columnType(Field field) {
    ArrowType type = field.getType();
    if (type instanceof ArrowType.Int number) {
      String name =
          switch (number.getBitWidth()) {
            case 8 -> "TINYINT";
            case 16 -> "SMALLINT";
            case 32 -> "INTEGER";
            default -> "BIGINT";
          };
      return Optional.of(number.getIsSigned() ? name : "U" + name);
    } else if (type instanceof ArrowType.FloatingPoint real) {
      return switch (real.getPrecision()) {
        case SINGLE -> Optional.of("FLOAT");
        case DOUBLE -> Optional.of("DOUBLE");
        case HALF -> Optional.empty();
      };
    } else if (type instanceof ArrowType.Decimal decimal) {
      return Optional.of("DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")");
    } else if (type instanceof ArrowType.Timestamp at) {
      return Optional.of(at.getTimezone() == null ? "TIMESTAMP" : "TIMESTAMP WITH TIME ZONE");
    }
    return switch (type.getTypeID()) {
      case Bool -> Optional.of("BOOLEAN");
      case Utf8 -> Optional.of("VARCHAR");
      case Binary -> Optional.of("BLOB");
      case Date -> Optional.of("DATE");
      default -> Optional.empty();
    };
  }

  @Override
  public boolean takes(Field field, String type) {
    Optional<String> own = columnType(field);
    if (own.isEmpty()) {
      return false;
    }
    List<String> integers = List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT");
    int rank = integers.indexOf(own.get());
    return own.get().equals(type)
        || (rank >= 0 && integers.indexOf(type) > rank)
        || (own.get().equals("FLOAT") && type.equals("DOUBLE"))
        || (own.get().equals("DECIMAL(38,0)") && type.equals("HUGEINT"));
  }

  @Override
  public List<Column> columns(Connection connection, TableName table) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement ask =
        connection.prepareStatement(
            "SELECT column_name, data_type, is_nullable OR column_default IS NOT NULL FROM"
                + " duckdb_columns() WHERE database_name = current_database() AND schema_name ="
                + " coalesce(?, current_schema()) AND table_name = ? ORDER BY column_index")) {
      ask.setString(1, table.schema().orElse(null));
      ask.setString(2, table.table());
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          columns.add(new Column(rows.getString(1), rows.getString(2), rows.getBoolean(3), true));
        }
      }
    }
    return columns;
  }

  @Override
  public boolean unique(Connection connection, TableName table, List<String> key)
      throws SQLException {
    try (PreparedStatement ask =
        connection.prepareStatement(
            "SELECT array_to_string(list_sort(constraint_column_names), chr(0)) FROM"
                + " duckdb_constraints() WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE') AND"
                + " database_name = current_database() AND schema_name = coalesce(?,"
                + " current_schema()) AND table_name = ?")) {
      ask.setString(1, table.schema().orElse(null));
      ask.setString(2, table.table());
      try (ResultSet rows = ask.executeQuery()) {
        String wanted = String.join("\0", key.stream().sorted().toList());
        boolean found = false;
        while (rows.next()) {
          found |= wanted.equals(rows.getString(1));
        }
        return found;
      }
    }
  }

  /** Of two transactions that create one table DuckDB refuses the later, so one goes at a time. */
  @Override
  public void create(Connection connection, TableName table, List<String> columns)
      throws SQLException {
    synchronized (CREATION) {
      try (Statement create = connection.createStatement()) {
        connection.rollback();
        create.execute(
            "CREATE TABLE IF NOT EXISTS " + table.sql() + " (" + String.join(", ", columns) + ")");
      }
      connection.commit();
    }
  }

  @Override
  public RowLoader loader(
      Connection connection,
      String table,
      Schema schema,
      List<String> types,
      boolean ordered,
      BufferAllocator allocator)
      throws SQLException {
    return new DuckDbInsert(
        connection.unwrap(DuckDBConnection.class), table, schema, ordered, allocator);
  }
}
