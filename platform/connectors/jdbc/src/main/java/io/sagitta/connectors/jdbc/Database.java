package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** A database that a URL names: how to reach it, and where its SQL differs from the others'. */
interface Database {

  /**
   * Returns the database that {@code url} names. Only PostgreSQL and DuckDB files are served: a
   * driver that happens to lie on the class path is not a promise.
   *
   * @param reach says whether it may be reached
   */
  static Database of(String url, Reach reach) throws ConnectorException {
    if (url.startsWith("jdbc:postgresql:")) {
      return PostgresDatabase.of(url, reach);
    }
    if (url.startsWith("jdbc:duckdb:")) {
      return DuckDbDatabase.of(url, reach);
    }
    throw new ConnectorException(
        "url: '"
            + url.replaceFirst("[?;@].*", "…")
            + "' is not served. Use jdbc:postgresql://host:port/database or"
            + " jdbc:duckdb:/path/to/file.duckdb");
  }

  /** Returns the name for messages, such as {@code PostgreSQL at db:5432/ops}. */
  String name();

  /** Returns a connection without auto-commit, whose session time zone is UTC. */
  Connection connect(Optional<String> user, Optional<String> password) throws ConnectorException;

  /** Returns the table that a definition calls {@code name}. */
  TableName table(Connection connection, String name) throws SQLException;

  /** Makes {@code connection} fit for a query that a definition gives: it can only read. */
  void forbidWrites(Connection connection) throws SQLException;

  /** Returns the SQL type of a new column for {@code field}; empty if there is none. */
  Optional<String> columnType(Field field);

  /** Returns whether every value of {@code field} fits a column of {@code type} unchanged. */
  boolean takes(Field field, String type);

  /** Returns the columns of {@code table}; empty if there is no such table. */
  List<Column> columns(Connection connection, TableName table) throws SQLException;

  /** Returns whether a primary key or unique constraint spans exactly {@code key}. */
  boolean unique(Connection connection, TableName table, List<String> key) throws SQLException;

  /**
   * Creates {@code table} unless it exists, also when many tasks do so at once, and commits.
   *
   * @param columns with their types and constraints, as SQL
   */
  void create(Connection connection, TableName table, List<String> columns) throws SQLException;

  /**
   * Returns what loads batches into {@code table}.
   *
   * @param types by column of {@code schema}, as {@link Column#type()}
   * @param ordered whether to fill the last column, {@link #ORDER}, with the row's number
   */
  RowLoader loader(
      Connection connection,
      String table,
      Schema schema,
      List<String> types,
      boolean ordered,
      BufferAllocator allocator)
      throws SQLException;

  /** Name of the column of a staging table that tells an earlier row from a later one. */
  String ORDER = "__sagitta_order";

  /**
   * One column of an existing table.
   *
   * @param fillable whether rows can leave it out
   * @param writable whether rows can give it
   */
  record Column(String name, String type, boolean fillable, boolean writable) {}
}
