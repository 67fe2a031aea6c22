package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SinkWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Writes one task's rows in transactions that also move the task's committed step. Rows go to the
 * database as they come; the transaction stays open until the commit, which is due as soon as
 * nothing waits, or after {@link #MOST_ROWS} rows or {@link #LONGEST}.
 */
final class JdbcSinkWriter implements SinkWriter {
  private static final long MOST_ROWS = 200_000;
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final Connection connection;
  private final CommitTable commits;
  private final Target.Upload upload;
  private final RowFailure failure;
  private long pendingRows;
  private Optional<Instant> pendingSince = Optional.empty();
  private boolean closed;

  JdbcSinkWriter(
      Connection connection, CommitTable commits, Target.Upload upload, RowFailure failure) {
    this.connection = connection;
    this.commits = commits;
    this.upload = upload;
    this.failure = failure;
  }

  @Override
  public long committedStep() {
    return commits.step();
  }

  @Override
  public void write(long step, VectorSchemaRoot rows) throws ConnectorException {
    if (step <= commits.step()) {
      throw new IllegalArgumentException(
          "Step " + step + " is committed already: the last was " + commits.step());
    }
    if (rows.getRowCount() == 0) {
      return;
    }
    try {
      upload.loader().load(rows);
      pendingRows += rows.getRowCount();
    } catch (SQLException e) {
      throw failure.of("took no rows", e);
    }
  }

  @Override
  public boolean due(Instant now, boolean waiting) {
    if (pendingRows == 0) {
      return false;
    }
    if (pendingSince.isEmpty()) {
      pendingSince = Optional.of(now);
    }
    return !waiting || pendingRows >= MOST_ROWS || !now.isBefore(pendingSince.get().plus(LONGEST));
  }

  @Override
  public void commit(long step) throws ConnectorException {
    try {
      if (pendingRows > 0) {
        merge(upload.merge().orElse(List.of()));
      }
      commits.commit(step);
    } catch (SQLException e) {
      throw failure.of("did not commit", e);
    }
    pendingRows = 0;
    pendingSince = Optional.empty();
  }

  private void merge(List<String> statements) throws SQLException {
    try (Statement merge = connection.createStatement()) {
      for (String statement : statements) {
        merge.execute(statement);
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // Closing a connection whose transaction is open rolls it back, also if the server is gone.
    try (connection) {
      connection.rollback();
    } catch (SQLException e) {
      System.getLogger(JdbcSinkWriter.class.getName())
          .log(System.Logger.Level.DEBUG, "Rollback on close failed: {0}", e.getMessage());
    }
  }
}
