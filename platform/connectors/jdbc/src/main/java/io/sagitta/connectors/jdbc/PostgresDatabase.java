package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** PostgreSQL, from version 12 on. */
final class PostgresDatabase implements Database {
  /** Other parameters name classes to load or files to write, which a definition must not. */
  private static final Set<String> PARAMETERS =
      Set.of(
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "currentSchema",
          "connectTimeout",
          "socketTimeout",
          "tcpKeepAlive",
          "ApplicationName",
          "targetServerType",
          "loadBalanceHosts");

  private static final int CREATION_LOCK = "sagitta".hashCode();

  private final String url;
  private final String name;
  private final boolean inside;

  private PostgresDatabase(String url, String name, boolean inside) {
    this.url = url;
    this.name = name;
    this.inside = inside;
  }

  static PostgresDatabase of(String url, Reach reach) throws ConnectorException {
    int query = url.indexOf('?');
    List<String> refused = new ArrayList<>();
    if (query >= 0) {
      for (String parameter : url.substring(query + 1).split("&")) {
        String key = parameter.replaceFirst("=.*", "");
        if (!key.isEmpty() && !PARAMETERS.contains(key)) {
          refused.add(key);
        }
      }
    }
    if (!refused.isEmpty()) {
      throw new ConnectorException(
          "url: parameter "
              + String.join(", ", refused)
              + " is not allowed; there are "
              + String.join(", ", PARAMETERS.stream().sorted().toList())
              + ". User and password have options of their own");
    }
    return at(url, reach.database(url));
  }

  /**
   * Returns the database at {@code url}.
   *
   * @param inside whether its hosts may be addresses inside
   */
  static PostgresDatabase at(String url, boolean inside) throws ConnectorException {
    Properties parsed = Driver.parseURL(url, new Properties());
    if (parsed == null) {
      throw new ConnectorException(
          "url: '" + url + "' cannot be read. Write jdbc:postgresql://host:port/database");
    }
    return new PostgresDatabase(
        url,
        "PostgreSQL at "
            + PGProperty.PG_HOST.getOrDefault(parsed)
            + ":"
            + PGProperty.PG_PORT.getOrDefault(parsed)
            + "/"
            + PGProperty.PG_DBNAME.getOrDefault(parsed),
        inside);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Connection connect(Optional<String> user, Optional<String> password)
      throws ConnectorException {
    Properties options = new Properties();
    user.ifPresent(u -> PGProperty.USER.set(options, u));
    password.ifPresent(p -> PGProperty.PASSWORD.set(options, p));
    PGProperty.TCP_KEEP_ALIVE.set(options, true);
    PGProperty.APPLICATION_NAME.set(options, "sagitta");
    PGProperty.SOCKET_FACTORY.set(options, CheckedSockets.class.getName());
    PGProperty.SOCKET_FACTORY_ARG.set(
        options, inside ? CheckedSockets.ANYWHERE : CheckedSockets.OUTSIDE);
    // A server that never answers must not hold a thread for ever; url can say otherwise.
    PGProperty.SOCKET_TIMEOUT.set(options, 300);
    try {
      Connection connection = new Driver().connect(url, options);
      if (connection == null) {
        throw new ConnectorException("url: '" + url + "' is no PostgreSQL address");
      }
      connection.setAutoCommit(false);
      try (Statement session = connection.createStatement()) {
        session.execute("SET TIME ZONE 'UTC'");
        // An owner that froze in mid-transaction must not hold its successor up for ever.
        session.execute("SET lock_timeout = '30s'");
        session.execute("SET idle_in_transaction_session_timeout = '120s'");
      }
      connection.commit();
      return connection;
    } catch (SQLException e) {
      throw new ConnectorException(name + " " + refusal(user, e), e);
    }
  }

  private static String refusal(Optional<String> user, SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (state.startsWith("28")) {
      return "refused user "
          + user.orElse("(none)")
          + ": "
          + e.getMessage()
          + ". Check user and password";
    } else if (state.equals("3D000")) {
      return "has no such database: create it, or correct url";
    } else if (state.startsWith("08")) {
      return "cannot be reached: "
          + e.getMessage()
          + (e.getCause() instanceof RefusedAddressException ? " " + e.getCause().getMessage() : "")
          + " Check url, and that the server runs and lets this machine in";
    }
    return "refused the connection: " + e.getMessage();
  }

  @Override
  public TableName table(Connection connection, String name) {
    return TableName.parse(name);
  }

  @Override
  public void forbidWrites(Connection connection) throws SQLException {
    connection.setReadOnly(true);
  }

  @Override
  public Optional<String> columnType(Field field) {
    return PostgresType.of(field);
  }

  @Override
  public boolean takes(Field field, String type) {
    return PostgresType.fits(field, type);
  }

  @Override
  public List<Column> columns(Connection connection, TableName table) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement ask =
        connection.prepareStatement(
            "SELECT attname, format_type(atttypid, atttypmod), NOT attnotnull OR atthasdef OR"
                + " attidentity <> '', attgenerated = '' AND attidentity <> 'a' FROM pg_attribute"
                + " WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY"
                + " attnum")) {
      ask.setString(1, table.sql());
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          columns.add(
              new Column(
                  rows.getString(1), rows.getString(2), rows.getBoolean(3), rows.getBoolean(4)));
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
            "SELECT 1 FROM pg_index i WHERE indrelid = to_regclass(?) AND indisunique AND indisvalid"
                + " AND indpred IS NULL AND indexprs IS NULL AND (SELECT array_agg(attname::text"
                + " ORDER BY attname::text COLLATE \"C\") FROM pg_attribute a WHERE a.attrelid ="
                + " i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])) = ?")) {
      ask.setString(1, table.sql());
      ask.setArray(2, connection.createArrayOf("text", key.stream().sorted().toArray()));
      try (ResultSet rows = ask.executeQuery()) {
        return rows.next();
      }
    }
  }

  @Override
  public void create(Connection connection, TableName table, List<String> columns)
      throws SQLException {
    try (Statement create = connection.createStatement()) {
      // IF NOT EXISTS alone fails when two transactions create one table.
      create.execute("SELECT pg_advisory_xact_lock(" + CREATION_LOCK + ")");
      create.execute(
          "CREATE TABLE IF NOT EXISTS " + table.sql() + " (" + String.join(", ", columns) + ")");
    }
    connection.commit();
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
    return new PostgresCopy(connection, table, schema, types, ordered);
  }
}
