package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SinkWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Writes one task's rows as Parquet files. A commit writes all rows that wait, one file for each
 * partition, and is due when they would make about {@code rollBytes} in all, going by how far rows
 * shrank before, or {@code rollAfter} after the first of them.
 */
final class ParquetSinkWriter implements SinkWriter {
  /** How far rows shrink until a first commit has shown it. */
  private static final double FIRST_GUESS = 0.25;

  private final Path root;
  private final CommitLog log;
  private final PendingRows pending;
  private final long rollBytes;
  private final Duration rollAfter;
  private Optional<Instant> pendingSince = Optional.empty();
  private double shrinks = FIRST_GUESS;
  private int commits;
  private boolean closed;

  ParquetSinkWriter(
      Path root, CommitLog log, PendingRows pending, long rollBytes, Duration rollAfter) {
    this.root = root;
    this.log = log;
    this.pending = pending;
    this.rollBytes = rollBytes;
    this.rollAfter = rollAfter;
  }

  @Override
  public long committedStep() {
    return log.step();
  }

  @Override
  public void write(long step, VectorSchemaRoot rows) throws ConnectorException {
    if (step <= log.step()) {
      throw new IllegalArgumentException(
          "Step " + step + " is committed already: the last was " + log.step());
    }
    if (rows.getRowCount() == 0) {
      return;
    }
    try {
      pending.add(rows);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean due(Instant now, boolean waiting) {
    if (pending.rows() == 0) {
      return false;
    }
    if (pendingSince.isEmpty()) {
      pendingSince = Optional.of(now);
    }
    return pending.bytes() * shrinks >= rollBytes
        || !now.isBefore(pendingSince.get().plus(rollAfter));
  }

  @Override
  public void commit(long step) throws ConnectorException {
    try {
      log.commit(step, pending.rows() == 0 ? List.of() : stage(step));
    } catch (SQLException | IOException e) {
      throw failed(e);
    }
    pendingSince = Optional.empty();
  }

  private List<CommitRecord.Staged> stage(long step) throws SQLException, IOException {
    Path folder = log.staging().resolve("commit-" + commits++);
    long before = pending.bytes();
    long written = 0;
    List<CommitRecord.Staged> staged = new ArrayList<>();
    for (Path file : pending.write(folder)) {
      CommitLog.force(file);
      written += Files.size(file);
      Path parent = folder.relativize(file).getParent();
      String name = "%s.%s.parquet".formatted(name(step), staged.size());
      Path to = parent == null ? Path.of(name) : parent.resolve(name);
      staged.add(new CommitRecord.Staged(root.relativize(file).toString(), to.toString()));
    }
    shrinks = (double) written / before;
    return staged;
  }

  /** No two commits share a name, also when somebody has deleted the log. */
  private String name(long step) {
    return "%s.%d.%s".formatted(log.fileName(), step, log.owner().substring(0, 8));
  }

  /** A successor deletes this writer's files, which shows as all kinds of errors. */
  private ConnectorException failed(Exception e) {
    try {
      if (log.superseded()) {
        return log.fenced();
      }
    } catch (IOException unreadable) {
      e.addSuppressed(unreadable);
    }
    return new ConnectorException(
        "Parquet files in " + root + " cannot be written: " + e + ". Check rights and space", e);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      pending.close();
      log.close();
    } catch (SQLException | IOException e) {
      // What stays behind is hidden from readers, and the next owner deletes it.
      System.getLogger(ParquetSinkWriter.class.getName())
          .log(System.Logger.Level.WARNING, "Left files behind in {0}: {1}", log.staging(), e);
    }
  }
}
