package io.sagitta.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;

/**
 * A table in PostgreSQL or a folder of Parquet files, read by plain SQL.
 *
 * @param url the database that reads it
 * @param from what stands behind FROM
 * @param json a query that gives each row as a JSON object
 * @param there whether there is anything to read yet
 */
record Store(String url, String from, String json, boolean there) {

  static Store ofTable(String url, String table) {
    String from = "(SELECT * FROM " + table + ") t";
    String user = url + "?user=postgres&options=-c%20TimeZone=UTC";
    return new Store(user, from, "SELECT row_to_json(t) FROM " + from, true);
  }

  static Store ofFolder(Path folder) {
    String from =
        "read_parquet('%s/**/*.parquet') t".formatted(folder.toString().replace("'", "''"));
    return new Store("jdbc:duckdb:", from, "SELECT to_json(t) FROM " + from, Files.exists(folder));
  }

  /** Returns how many rows there are; 0 if the sink has not begun. */
  long count() throws SQLException {
    long[] count = {0};
    each("SELECT count(*) FROM " + from, text -> count[0] = Long.parseLong(text));
    return count[0];
  }

  /** Gives {@code reader} each row as a JSON object. */
  void readAll(Consumer<String> reader) throws SQLException {
    each(json, reader);
  }

  private void each(String query, Consumer<String> reader) throws SQLException {
    if (!there) {
      return;
    }
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      if (url.startsWith("jdbc:duckdb:")) {
        statement.execute("SET TimeZone = 'UTC'");
      }
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          reader.accept(rows.getString(1));
        }
      }
    } catch (SQLException e) {
      String says = String.valueOf(e.getMessage());
      if (!says.contains("No files found") && !says.contains("does not exist")) {
        throw e;
      }
    }
  }
}
