package io.sagitta.node.task;

import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.engine.Engine;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What all tasks of a node share.
 *
 * @param pulsar the connection of the tasks' pipeline
 * @param engines gives the engine that computes a tenant's steps now
 * @param tables where snapshots of tables are
 * @param reach what each pipeline may reach
 * @param workers how many steps of a tenant may be computed at one time
 * @param node the node's name
 * @param spill a folder of the node's own for rows that do not fit into memory
 * @param windowBytes gives the memory for open windows of each task, as it is now
 */
public record TaskResources(
    PulsarConnection pulsar,
    Function<String, Engine> engines,
    BufferAllocator allocator,
    List<SinkConnector> sinks,
    List<SourceConnector> sources,
    TableLoader tables,
    Function<PipelineId, Reach> reach,
    Function<String, WorkerShare> workers,
    String node,
    Path spill,
    LongSupplier windowBytes,
    Clock clock) {
  public TaskResources {
    sinks = List.copyOf(sinks);
    sources = List.copyOf(sources);
  }

  /**
   * Returns the same for the tasks of one pipeline.
   *
   * @param connection theirs
   * @param memory where their rows live
   * @param bytesOfWindows gives the memory for open windows of each of them
   */
  public TaskResources of(
      PulsarConnection connection, BufferAllocator memory, LongSupplier bytesOfWindows) {
    return new TaskResources(
        connection,
        engines,
        memory,
        sinks,
        sources,
        tables,
        reach,
        workers,
        node,
        spill,
        bytesOfWindows,
        clock);
  }

  /** Returns a folder for {@code task} alone, new and empty. */
  Path spillFolder(TaskId task) {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(spill), task.local().replace('/', '-') + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder in " + spill, e);
    }
  }
}
