package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.FencedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * The table {@code sagitta_commits} beside the target, which holds each task's last committed step
 * and owner. A step is committed by compare-and-set on both, in the transaction of the rows.
 */
final class CommitTable {
  private static final String NAME = "sagitta_commits";

  private final Connection connection;
  private final String table;
  private final String task;
  private final String owner;
  private long step;

  private CommitTable(Connection connection, String table, String task, String owner, long step) {
    this.connection = connection;
    this.table = table;
    this.task = task;
    this.owner = owner;
    this.step = step;
  }

  /** Makes a new owner of {@code task}; whoever owned it before cannot commit any more. */
  static CommitTable claim(Database database, Connection connection, TableName beside, String task)
      throws SQLException {
    TableName name = beside.sibling(NAME);
    if (database.columns(connection, name).isEmpty()) {
      database.create(
          connection,
          name,
          List.of("task TEXT PRIMARY KEY", "step BIGINT NOT NULL", "owner TEXT NOT NULL"));
    }
    String owner = UUID.randomUUID().toString();
    run(
        connection,
        "INSERT INTO " + name.sql() + " VALUES (?, 0, ?) ON CONFLICT (task) DO NOTHING",
        task,
        owner);
    // Not by DO UPDATE: DuckDB then replaces the row, and does not see that another transaction
    // updates the old one. And both columns, since DuckDB looks for conflicts by column.
    run(
        connection,
        "UPDATE " + name.sql() + " SET step = step, owner = ? WHERE task = ?",
        owner,
        task);
    long step = step(connection, name, task);
    connection.commit();
    return new CommitTable(connection, name.sql(), task, owner, step);
  }

  private static void run(Connection connection, String sql, String first, String second)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, first);
      statement.setString(2, second);
      statement.executeUpdate();
    }
  }

  private static long step(Connection connection, TableName name, String task) throws SQLException {
    try (PreparedStatement ask =
        connection.prepareStatement("SELECT step FROM " + name.sql() + " WHERE task = ?")) {
      ask.setString(1, task);
      try (ResultSet row = ask.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  long step() {
    return step;
  }

  /** Sets the step and commits the transaction, or rolls it back. */
  void commit(long next) throws SQLException, FencedException {
    if (!set(next)) {
      connection.rollback();
      throw fenced();
    }
    connection.commit();
    step = next;
  }

  private boolean set(long next) throws SQLException, FencedException {
    try (PreparedStatement set =
        connection.prepareStatement(
            "UPDATE "
                + table
                + " SET step = ?, owner = owner WHERE task = ? AND step = ? AND owner = ?")) {
      set.setLong(1, next);
      set.setString(2, task);
      set.setLong(3, step);
      set.setString(4, owner);
      return set.executeUpdate() == 1;
    } catch (SQLException e) {
      // A database with snapshots reports a conflict instead of matching no row.
      connection.rollback();
      if (!owned()) {
        throw fenced();
      }
      throw e;
    }
  }

  private boolean owned() throws SQLException {
    try (PreparedStatement ask =
        connection.prepareStatement("SELECT owner FROM " + table + " WHERE task = ?")) {
      ask.setString(1, task);
      try (ResultSet row = ask.executeQuery()) {
        boolean owned = row.next() && row.getString(1).equals(owner);
        connection.rollback();
        return owned;
      }
    }
  }

  private FencedException fenced() {
    return new FencedException(
        "Task " + task + " has another owner since; nothing after step " + step + " was written");
  }
}
