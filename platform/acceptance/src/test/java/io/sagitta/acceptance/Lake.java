package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** A Parquet folder, read by plain DuckDB. */
final class Lake {
  private Lake() {}

  /**
   * Waits until there are {@code rows} rows under {@code folder}, and returns {@code column} by
   * {@code n}, which no two rows may share.
   */
  static Map<Long, String> await(Path folder, String column, long rows) throws SQLException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    Map<Long, String> found = read(folder, column);
    while (found.size() < rows) {
      assertThat(System.nanoTime()).as("%d of %d rows", found.size(), rows).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      found = read(folder, column);
    }
    return found;
  }

  private static Map<Long, String> read(Path folder, String column) throws SQLException {
    Map<Long, String> rows = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT n, %s FROM read_parquet('%s/**/*.parquet')".formatted(column, folder))) {
      while (row.next()) {
        String before = rows.put(row.getLong(1), row.getString(2));
        assertThat(before).as("twice: " + row.getLong(1)).isNull();
      }
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains("No files found")) {
        throw e;
      }
    }
    return rows;
  }
}
