package io.sagitta.connectors;

import io.sagitta.definition.Sink;
import java.nio.file.Path;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Opens sinks that the engine of a batch run writes itself, on all cores. Found by {@link
 * java.util.ServiceLoader}; sinks that none serves are written through {@link SinkConnector}.
 */
public interface RunSinkConnector {

  /** Returns whether this connector serves {@code sink}. */
  boolean serves(Sink sink);

  /**
   * Returns the folder that the engine writes to when it runs {@link RunSink#copy}.
   *
   * @throws ConnectorException if it is out of {@code reach}
   */
  Path folder(Sink sink, Reach reach) throws ConnectorException;

  /**
   * Opens the sink for one run.
   *
   * @param reach what the pipeline may reach; asked before anything is opened
   * @param pipeline as {@code tenant/name}; what its earlier runs wrote is replaced
   * @param run names the run among those of the pipeline
   * @throws ConnectorException if the system refuses, or holds what is not the pipeline's
   */
  RunSink open(Sink sink, Reach reach, String pipeline, String run, Schema schema)
      throws ConnectorException;

  /** One sink of one run. */
  interface RunSink extends AutoCloseable {

    /** Returns the statement with which the engine writes the rows of {@code query}, unseen. */
    String copy(String query);

    /** Makes all rows visible at once, instead of those of earlier runs. */
    void commit() throws ConnectorException;

    /** Lets go; without a commit nothing has changed. */
    @Override
    void close();
  }
}
