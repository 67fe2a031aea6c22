package io.sagitta.connectors;

import java.time.Instant;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Writes one task's rows to a sink. Steps come in order; everything up to a step is committed by
 * compare-and-set on the last committed step, together with the rows themselves. One thread calls
 * it.
 */
public interface SinkWriter extends AutoCloseable {

  /** Returns the last committed step; 0 if nothing was ever committed. */
  long committedStep();

  /**
   * Takes rows of {@code step}, which is above {@link #committedStep()} and not below an earlier
   * call's. They are not visible before a commit that covers them.
   *
   * @param rows still owned by the caller
   * @throws ConnectorException if the system fails; the writer is to be closed then
   */
  void write(long step, VectorSchemaRoot rows) throws ConnectorException;

  /**
   * Returns whether it is time to commit.
   *
   * @param waiting whether more rows are waiting to be written already
   */
  boolean due(Instant now, boolean waiting);

  /**
   * Makes all rows written so far visible at once, and {@code step} the committed step.
   *
   * @throws FencedException if another owner of the task has committed since; nothing is written
   */
  void commit(long step) throws ConnectorException;

  /** Lets go without committing; rows that were not committed leave no trace. */
  @Override
  void close();
}
