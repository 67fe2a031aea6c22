package io.sagitta.connectors;

import io.sagitta.definition.Sink;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/** Opens writers for one kind of sink. Found by {@link java.util.ServiceLoader}. */
public interface SinkConnector {

  /** Returns whether this connector serves {@code sink}. */
  boolean serves(Sink sink);

  /**
   * Opens the writer of one task. Whoever opened the same task's writer before is shut out from its
   * next commit on, at the latest.
   *
   * @param sink with secrets resolved
   * @param reach what the pipeline may reach; asked before anything is opened
   * @param task names the task in the sink's own commit record: pipeline, line, chain, sink and
   *     partition; the same for every owner of the task
   * @param schema columns of the rows to come
   * @throws ConnectorException if the system cannot be reached or refuses
   */
  SinkWriter open(Sink sink, Reach reach, String task, Schema schema, BufferAllocator allocator)
      throws ConnectorException;

  /** Returns whether each row is delivered once, or at least once. */
  Guarantee guarantee();

  /** What a sink promises after a crash. */
  enum Guarantee {
    EFFECTIVELY_ONCE,
    AT_LEAST_ONCE
  }
}
