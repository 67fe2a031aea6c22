package io.sagitta.torture;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The table of shape {@code refreshed}: one row whose version grows all the time. */
final class TableChanges implements AutoCloseable {
  private static final int PERIOD_MILLIS = 800;

  private final String url;
  private final History history;
  private final Thread thread = new Thread(this::run, "table-changes");

  /**
   * Creates one, which begins with {@link #start}.
   *
   * @param url of the PostgreSQL that has the table
   */
  TableChanges(String url, History history) {
    this.url = url + "?user=postgres";
    this.history = history;
  }

  /** Makes the table in the PostgreSQL at {@code url}. */
  static void create(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url + "?user=postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE versions (id BIGINT PRIMARY KEY, version BIGINT NOT NULL)");
      statement.execute("INSERT INTO versions VALUES (1, 1)");
    }
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        change();
      }
    } catch (InterruptedException e) {
      history.flush();
    }
  }

  private void change() {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE versions SET version = version + 1");
    } catch (SQLException e) {
      // PostgreSQL is away, as one of the faults: the version grows when it is back.
      history.event("table", event -> event.put("says", String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
