package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.engine.Engine;
import io.sagitta.engine.TaskRunner;
import io.sagitta.transport.ExclusiveLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What one session of a task works with under one revision: its topics from the beginning; the
 * input, the engine's runner, the outbox and the sinks from {@link #open} on.
 */
final class TaskParts implements AutoCloseable {
  private static final int OUTPUT_ROWS = 100_000;

  private final TaskSpec spec;
  private final TaskResources resources;
  private final TaskTopics topics;
  private final BufferAllocator allocator;
  private final IdleWatch idle;
  private final SinkLanes lanes;
  private final TableVersions tables;
  private Optional<StepInput> input = Optional.empty();
  private volatile Optional<TaskRunner> runner = Optional.empty();
  private volatile Optional<Outbox> outbox = Optional.empty();

  /**
   * Creates one that has nothing open.
   *
   * @param announced gives the content hash by table that control wants now
   */
  TaskParts(
      TaskSpec spec,
      TaskResources resources,
      TaskTopics topics,
      Supplier<Map<String, String>> announced) {
    this.spec = spec;
    this.resources = resources;
    this.topics = topics;
    this.allocator =
        resources.allocator().newChildAllocator(spec.id().toString(), 0, Long.MAX_VALUE);
    this.idle = new IdleWatch(spec, topics, resources.clock());
    this.lanes = new SinkLanes(spec, resources, allocator);
    this.tables = new TableVersions(spec, resources, announced);
  }

  /**
   * Opens the input, the runner with its tables, the outbox and the sinks.
   *
   * @param recorded what the journal keeps, oldest first
   * @throws ConnectorException if a sink cannot be reached
   */
  void open(Bounds bounds, List<ExclusiveLog.Entry<StepRecord>> recorded)
      throws ConnectorException {
    input = Optional.of(new StepInput(spec, topics.read(Replay.start(recorded)), allocator));
    runner =
        Optional.of(
            engine()
                .open(
                    spec.plan(),
                    spec.chain(),
                    spec.id().local(),
                    spec.upstreamTasks(),
                    tables.first(Replay.newest(recorded)),
                    allocator,
                    new Engine.Limits(
                        resources.windowBytes(), resources.spillFolder(spec.id()), OUTPUT_ROWS)));
    Map<String, ForeignSink> foreign =
        ForeignSink.of(spec, resources.reach().apply(spec.id().pipeline()), resources.pulsar());
    outbox =
        Optional.of(
            new Outbox(
                spec,
                allocator,
                bounds.messageBytes(),
                foreign,
                topics.publishing(),
                topics::open));
    lanes.open(foreign.keySet());
  }

  Engine engine() {
    return resources.engines().apply(spec.id().pipeline().tenant());
  }

  TaskSpec spec() {
    return spec;
  }

  TaskResources resources() {
    return resources;
  }

  TaskTopics topics() {
    return topics;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  StepInput input() {
    return input.orElseThrow();
  }

  IdleWatch idle() {
    return idle;
  }

  SinkLanes lanes() {
    return lanes;
  }

  TableVersions tables() {
    return tables;
  }

  TaskRunner runner() {
    return runner.orElseThrow();
  }

  Outbox outbox() {
    return outbox.orElseThrow();
  }

  /** Makes whatever is under way fail, and frees the names of its producers; from any thread. */
  void abandon() {
    outbox.ifPresent(Outbox::close);
    runner.ifPresent(TaskRunner::interrupt);
  }

  private void closeAllocator() {
    CompletableFuture<Void> ended = lanes.ended();
    if (ended.isDone()) {
      allocator.close();
    } else {
      // A sink that hangs holds rows; its thread closes after itself.
      ended = ended.thenRun(allocator::close);
    }
  }

  /** Lets everything go, in this order, whatever fails on the way. */
  @Override
  public void close() {
    List<Runnable> parts = new ArrayList<>();
    parts.add(lanes::close);
    outbox.ifPresent(o -> parts.add(o::close));
    parts.add(idle::close);
    input.ifPresent(i -> parts.add(i::close));
    runner.ifPresent(r -> parts.add(r::close));
    parts.add(this::closeAllocator);
    List<RuntimeException> failures = new ArrayList<>();
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }
}
