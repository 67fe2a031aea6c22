package io.sagitta.engine;

import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * What one message brings to a task. The task's caller numbers messages in their order with {@code
 * ordinal}, so that the engine can say from which on it still needs them.
 */
public sealed interface Arrival {
  /** The message's place in the task's input; grows by at least one from message to message. */
  long ordinal();

  /** Which upstream task sent it, as {@code chain/partition}; on a source topic its own name. */
  String upstream();

  /**
   * Rows.
   *
   * @param input the source or stage whose rows they are
   * @param rows owned by the receiver, which closes them
   * @param progress where the sender stands after these rows; empty on a source topic, where it
   *     follows from the rows
   */
  record Rows(
      long ordinal,
      String upstream,
      String input,
      VectorSchemaRoot rows,
      Optional<Progress> progress)
      implements Arrival {}

  /**
   * Rows that ingest could not read.
   *
   * @param rejects columns of {@link Quarantine#SCHEMA}; owned by the receiver, which closes them
   */
  record Rejected(long ordinal, String upstream, String input, VectorSchemaRoot rejects)
      implements Arrival {}

  /**
   * News of an upstream task without rows. On a source topic only {@link Progress#activity()}
   * counts.
   */
  record Signal(long ordinal, String upstream, Progress progress) implements Arrival {}
}
