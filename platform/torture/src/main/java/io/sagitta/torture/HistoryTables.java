package io.sagitta.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The files of a history as tables of a DuckDB of their own, in memory. */
final class HistoryTables implements AutoCloseable {
  private static final int SAMPLES = 5;

  private final Path folder;
  private final Connection connection;
  private final Statement sql;

  private HistoryTables(Path folder, Connection connection, Statement sql) {
    this.folder = folder;
    this.connection = connection;
    this.sql = sql;
  }

  /** Opens one without tables for the history in {@code folder}. */
  static HistoryTables of(Path folder) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    return new HistoryTables(folder, connection, connection.createStatement());
  }

  /**
   * Makes {@code table} of {@code file}, or an empty one if there is no such file.
   *
   * @param file a path without its ending; may have an asterisk, then all of them with their names
   *     in column {@code filename}
   * @param columns names and quoted types: {@code n: 'BIGINT', k: 'VARCHAR'}
   */
  void read(String table, String file, String columns) throws SQLException {
    Path path = folder.resolve(file + ".ndjson");
    boolean many = file.endsWith("/*");
    String from =
        "read_json('%s', format = 'newline_delimited', columns = {%s}%s)"
            .formatted(
                path.toString().replace("'", "''"), columns, many ? ", filename = true" : "");
    if (Files.exists(many ? path.resolveSibling(".") : path)) {
      sql.execute("CREATE TABLE " + table + " AS FROM " + from);
    } else {
      String declared =
          Arrays.stream((columns + (many ? ", filename: 'VARCHAR'" : "")).split(", "))
              .map(c -> c.replace(": '", " ").replace("'", ""))
              .collect(Collectors.joining(", "));
      sql.execute("CREATE TABLE " + table + " (" + declared + ")");
    }
  }

  /** Runs a statement. */
  void execute(String statement) throws SQLException {
    sql.execute(statement);
  }

  /** Runs a query; the caller closes its result before the next one. */
  ResultSet query(String query) throws SQLException {
    return sql.executeQuery(query);
  }

  /** Returns how many rows {@code query} gives. */
  long count(String query) throws SQLException {
    try (ResultSet row = sql.executeQuery("SELECT count(*) FROM (" + query + ")")) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Returns a finding.
   *
   * @param checked a query that gives what is checked
   * @param wrong a query that gives what of it is not as it must be
   */
  Finding rows(String about, String what, String checked, String wrong) throws SQLException {
    long bad = count(wrong);
    List<String> samples = new ArrayList<>();
    if (bad > 0) {
      try (ResultSet rows = sql.executeQuery("SELECT * FROM (" + wrong + ") LIMIT " + SAMPLES)) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          List<String> cells = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            cells.add(String.valueOf(rows.getString(i)));
          }
          samples.add(String.join(" ", cells));
        }
      }
    }
    return new Finding(about, what, count(checked), bad, samples);
  }

  @Override
  public void close() throws SQLException {
    sql.close();
    connection.close();
  }
}
