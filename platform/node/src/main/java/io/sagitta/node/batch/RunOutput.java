package io.sagitta.node.batch;

import static io.sagitta.node.batch.BatchDatabase.quote;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.RunSinkConnector;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.Sink;
import io.sagitta.engine.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** One sink of a run: it takes all rows, and shows them when it commits. */
interface RunOutput extends AutoCloseable {
  /** The only step that a run commits. */
  long STEP = 1;

  /** Writes all rows; returns how many. */
  long write(BatchDatabase database, BatchDatabase.Progress progress)
      throws SQLException, IOException, ConnectorException;

  /** Makes them visible. */
  void commit() throws ConnectorException;

  @Override
  void close();

  /** Opens the sink called {@code name}. */
  static RunOutput open(
      String name, Sink sink, Plan plan, BatchOptions options, BufferAllocator allocator)
      throws ConnectorException {
    String pipeline = plan.definition().metadata().id();
    Schema schema = plan.schema(sink.inputs().get(0));
    String query =
        sink.inputs().stream()
            .map(input -> "SELECT * FROM " + quote(input))
            .collect(Collectors.joining(" UNION ALL "));
    Optional<RunSinkConnector> own = own(sink);
    if (own.isPresent()) {
      return new Copied(
          own.get().open(sink, options.reach(), pipeline, options.run(), schema), query);
    }
    SinkConnector connector =
        ServiceLoader.load(SinkConnector.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(c -> c.serves(sink))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConnectorException(
                        "Sink " + name + " cannot be written by a batch run: use parquet or jdbc"));
    String task = pipeline + "/run/" + options.run() + "/" + name;
    return new Written(
        connector.open(sink, options.reach(), task, schema, allocator), schema, query);
  }

  private static Optional<RunSinkConnector> own(Sink sink) {
    return ServiceLoader.load(RunSinkConnector.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(c -> c.serves(sink))
        .findFirst();
  }

  /**
   * Returns the folder that the engine writes to by itself, if it does.
   *
   * @throws ConnectorException if it is out of reach
   */
  static Optional<Path> folder(Sink sink, BatchOptions options) throws ConnectorException {
    Optional<RunSinkConnector> own = own(sink);
    return own.isEmpty() ? Optional.empty() : Optional.of(own.get().folder(sink, options.reach()));
  }

  /** A sink that the engine writes by itself. */
  record Copied(RunSinkConnector.RunSink sink, String query) implements RunOutput {
    @Override
    public long write(BatchDatabase database, BatchDatabase.Progress progress) throws SQLException {
      return database.execute(sink.copy(query), progress);
    }

    @Override
    public void commit() throws ConnectorException {
      sink.commit();
    }

    @Override
    public void close() {
      sink.close();
    }
  }

  /** A sink that takes batches. A run that was committed already is not written again. */
  record Written(SinkWriter writer, Schema schema, String query) implements RunOutput {
    @Override
    public long write(BatchDatabase database, BatchDatabase.Progress progress)
        throws SQLException, IOException, ConnectorException {
      long rows = database.number("SELECT count(*) FROM (" + query + ")");
      if (writer.committedStep() >= STEP) {
        return rows;
      }
      long[] sent = {0};
      database.<ConnectorException>forEach(
          query,
          schema,
          batch -> {
            try (batch) {
              writer.write(STEP, batch);
              sent[0] += batch.getRowCount();
              progress.at((double) sent[0] / Math.max(1, rows));
            }
          });
      return rows;
    }

    @Override
    public void commit() throws ConnectorException {
      if (writer.committedStep() < STEP) {
        writer.commit(STEP);
      }
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
