package io.sagitta.engine.run;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

/** A query that stays prepared while the rows of its relations change from call to call. */
final class Query implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Query.class.getName());

  private final DuckSession session;
  private final String stage;
  private final String sql;
  private final Schema result;
  private volatile @Nullable PreparedStatement statement;
  private volatile boolean interrupted;

  Query(DuckSession session, String stage, String sql, Schema result) {
    this.session = session;
    this.stage = stage;
    this.sql = sql;
    this.result = result;
  }

  String stage() {
    return stage;
  }

  /**
   * Runs it.
   *
   * @param feeds rows by relation; closed, also on failure
   * @return batches that have rows, owned by the caller
   * @throws ValueError if a value of some row is to blame
   * @throws EngineException on every other failure
   */
  List<VectorSchemaRoot> run(Map<StreamSlot, RowFeed> feeds) throws ValueError {
    List<VectorSchemaRoot> batches = new ArrayList<>();
    interrupted = false;
    try {
      PreparedStatement prepared = prepared();
      feeds.forEach(StreamSlot::fill);
      try (ResultSet rows = prepared.executeQuery();
          ArrowReader reader = export(rows)) {
        while (reader.loadNextBatch()) {
          VectorSchemaRoot batch = reader.getVectorSchemaRoot();
          if (batch.getRowCount() > 0) {
            batches.add(Batches.adopt(stage, batch, result, session.allocator()));
            refuseIfFull();
          }
        }
      }
      return batches;
    } catch (SQLException e) {
      Batches.close(batches);
      close(); // DuckDB's driver closes a statement that failed
      if (interrupted) {
        // Whatever it says, no row is to blame.
        throw session.words().failure(stage, "", e);
      }
      throw session.words().valueError(e).orElseThrow(() -> session.words().failure(stage, "", e));
    } catch (IOException | RuntimeException e) {
      Batches.close(batches);
      close();
      throw e instanceof EngineException known
          ? known
          : new EngineException(stage, String.valueOf(e.getMessage()), e);
    } finally {
      feeds.keySet().forEach(StreamSlot::empty);
      feeds.values().forEach(RowFeed::close);
    }
  }

  /** Rows move into an allocator also if it has no room for them. */
  private void refuseIfFull() {
    if (session.allocator().isOverLimit()) {
      throw new OutOfMemoryException("The memory for rows is used up by what the query made");
    }
  }

  /** Makes the call that runs now fail, if there is one; from any thread. */
  void interrupt() {
    interrupted = true;
    PreparedStatement open = statement;
    if (open != null) {
      try {
        open.cancel();
      } catch (SQLException e) {
        LOG.log(System.Logger.Level.DEBUG, "Nothing to interrupt: {0}", e.getMessage());
      }
    }
  }

  private ArrowReader export(ResultSet rows) throws SQLException {
    return (ArrowReader)
        ((DuckDBResultSet) rows).arrowExportStream(session.exchange(), session.outputRows());
  }

  private PreparedStatement prepared() {
    PreparedStatement open = statement;
    if (open == null) {
      try {
        open = session.prepare(sql);
      } catch (SQLException e) {
        throw session.words().failure(stage, "its query does not bind: ", e);
      }
      statement = open;
    }
    return open;
  }

  @Override
  public void close() {
    PreparedStatement open = statement;
    statement = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        throw new EngineException(stage, "its query does not close", e);
      }
    }
  }
}
