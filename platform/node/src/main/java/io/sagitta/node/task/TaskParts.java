package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.engine.Engine;
import io.sagitta.engine.TaskRunner;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PartitionConsumer;
import io.sagitta.transport.PartitionProducer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What one session of a task works with under one revision: journal and input from the beginning;
 * the engine's runner, the outbox and the sinks from {@link #open} on.
 */
final class TaskParts implements AutoCloseable {
  private static final int OUTPUT_ROWS = 100_000;

  private final TaskSpec spec;
  private final TaskResources resources;
  private final PartitionConsumer consumer;
  private final BufferAllocator allocator;
  private final ExclusiveLog<StepRecord> journal;
  private final StepInput input;
  private final IdleWatch idle;
  private final SinkLanes lanes;
  private final TableVersions tables;
  private Optional<TaskRunner> runner = Optional.empty();
  private Optional<Outbox> outbox = Optional.empty();

  /**
   * Creates one; {@code consumer} and {@code journal} stay the caller's.
   *
   * @param announced gives the content hash by table that control wants now
   */
  TaskParts(
      TaskSpec spec,
      TaskResources resources,
      PartitionConsumer consumer,
      ExclusiveLog<StepRecord> journal,
      Supplier<Map<String, String>> announced) {
    this.spec = spec;
    this.resources = resources;
    this.consumer = consumer;
    this.journal = journal;
    this.allocator =
        resources.allocator().newChildAllocator(spec.id().toString(), 0, Long.MAX_VALUE);
    this.input = new StepInput(spec, consumer, allocator);
    this.idle = new IdleWatch(spec, resources);
    this.lanes = new SinkLanes(spec, resources, allocator);
    this.tables = new TableVersions(spec, resources, announced);
  }

  /**
   * Opens the runner with its tables, the outbox and the sinks.
   *
   * @param last the newest record of the journal
   * @throws ConnectorException if a sink cannot be reached
   */
  void open(Bounds bounds, Optional<StepRecord> last) throws ConnectorException {
    runner =
        Optional.of(
            resources
                .engine()
                .open(
                    spec.plan(),
                    spec.chain(),
                    spec.id().local(),
                    spec.upstreamTasks(),
                    tables.first(last),
                    allocator,
                    new Engine.Limits(
                        resources.windowBytes(), resources.spillFolder(spec.id()), OUTPUT_ROWS)));
    Map<String, ForeignSink> foreign = ForeignSink.of(spec, resources.pulsar());
    outbox =
        Optional.of(
            new Outbox(
                spec,
                allocator,
                bounds.messageBytes(),
                foreign,
                resources.pulsar().publishing(),
                this::outputProducer));
    lanes.open(foreign.keySet());
  }

  private PartitionProducer outputProducer(String topic) {
    String name = ForeignSink.producerName(spec.id(), topic);
    for (int attempt = 0; ; attempt++) {
      try {
        return PartitionProducer.open(
            resources.pulsar(), topic, Optional.of(name), PartitionProducer.Access.SHARED);
      } catch (FencedOutException e) {
        // The last owner's connection may take the broker's keep-alive to be given up.
        if (attempt == 100) {
          throw e;
        }
        try {
          Thread.sleep(200);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  TaskSpec spec() {
    return spec;
  }

  TaskResources resources() {
    return resources;
  }

  PartitionConsumer consumer() {
    return consumer;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  ExclusiveLog<StepRecord> journal() {
    return journal;
  }

  StepInput input() {
    return input;
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

  /** Lets everything go, in this order, whatever fails on the way. */
  @Override
  public void close() {
    List<Runnable> parts = new ArrayList<>();
    parts.add(lanes::close);
    outbox.ifPresent(o -> parts.add(o::close));
    parts.add(idle::close);
    parts.add(input::close);
    runner.ifPresent(r -> parts.add(r::close));
    parts.add(allocator::close);
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
