package io.sagitta.engine.run;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What one plain query makes of all rows of a history: an answer worked out another way. */
final class PlainSql implements AutoCloseable {
  private final Connection connection;

  PlainSql() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone='UTC'");
    }
  }

  /** Loads rows of flights, numbered by {@code seq} in order of arrival. */
  void load(String table, List<List<Object>> rows) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE OR REPLACE TABLE "
              + table
              + " (seq BIGINT, \"date\" TIMESTAMPTZ, delay INTEGER, distance INTEGER,"
              + " origin VARCHAR, destination VARCHAR, event_time TIMESTAMPTZ)");
    }
    if (rows.isEmpty()) {
      return;
    }
    String values =
        IntStream.range(0, rows.size())
            .mapToObj(seq -> values(seq, rows.get(seq)))
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO " + table + " VALUES " + values);
    }
  }

  private static String values(int seq, List<Object> row) {
    return "(%d, make_timestamptz(%s), %s, %s, '%s', '%s', make_timestamptz(%s))"
        .formatted(seq, row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5));
  }

  /** Returns the query's rows as texts, sorted. */
  List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("|", row));
      }
    }
    rows.sort(null);
    return rows;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
