package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.JdbcSink;
import io.sagitta.definition.Sink;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Opens writers of JDBC sinks. Each writer has a connection of its own for as long as it lives: its
 * transaction spans calls, so a pool would have nothing to share.
 */
public final class JdbcSinkConnector implements SinkConnector {

  @Override
  public boolean serves(Sink sink) {
    return sink instanceof JdbcSink;
  }

  @Override
  public SinkWriter open(
      Sink sink, Reach reach, String task, Schema schema, BufferAllocator allocator)
      throws ConnectorException {
    JdbcSink jdbc = (JdbcSink) sink;
    Database database = Database.of(jdbc.url(), reach);
    Connection connection = database.connect(jdbc.user(), jdbc.password());
    try {
      TableName table = database.table(connection, jdbc.table());
      Target target = Target.open(database, connection, table, schema, jdbc.key());
      CommitTable commits = CommitTable.claim(database, connection, table, task);
      return new JdbcSinkWriter(
          connection,
          commits,
          target.upload(allocator),
          RowFailure.of(database.name() + ", table " + table, schema));
    } catch (SQLException | ConnectorException | RuntimeException e) {
      close(connection, e);
      if (e instanceof ConnectorException refused) {
        throw refused;
      } else if (e instanceof RuntimeException bug) {
        throw bug;
      }
      throw new ConnectorException(
          database.name() + " refused to open table " + jdbc.table() + ": " + e.getMessage(), e);
    }
  }

  private static void close(Connection connection, Exception reason) {
    try {
      connection.close();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public Guarantee guarantee() {
    return Guarantee.EFFECTIVELY_ONCE;
  }
}
