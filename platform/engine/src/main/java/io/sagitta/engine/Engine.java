package io.sagitta.engine;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;

/** Opens task runners; one per process. */
public interface Engine extends AutoCloseable {

  /**
   * Opens the runner of one task.
   *
   * @param chain a chain of {@code plan}
   * @param task as {@code chain/partition}
   * @param upstreamTasks every upstream task, as {@code chain/partition}; for a source's chain the
   *     task itself
   * @param tables rows of each table that the chain's queries name, as Arrow IPC stream bytes
   * @param allocator where the runner's batches live; not closed by it
   * @param limits bounds on memory
   */
  TaskRunner open(
      Plan plan,
      Chain chain,
      String task,
      java.util.Set<String> upstreamTasks,
      Map<String, byte[]> tables,
      BufferAllocator allocator,
      Limits limits);

  /** Returns the version that journals record; results may differ between versions. */
  String version();

  @Override
  void close();

  /**
   * Bounds of a task.
   *
   * @param windowLimit gives the memory for rows of open windows as it is now, in bytes; beyond it
   *     they spill to {@code spill}
   * @param spill an existing folder for this task alone
   * @param outputRows the most rows in one emitted batch
   */
  record Limits(LongSupplier windowLimit, Path spill, int outputRows) {
    /** Creates bounds that stay. */
    public Limits(long windowBytes, Path spill, int outputRows) {
      this(() -> windowBytes, spill, outputRows);
    }

    /** Returns memory for rows of open windows now. */
    public long windowBytes() {
      return windowLimit.getAsLong();
    }
  }
}
