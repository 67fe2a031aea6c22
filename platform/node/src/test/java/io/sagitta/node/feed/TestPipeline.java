package io.sagitta.node.feed;

import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.connectors.SourceConnector;
import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.ReadResult;
import io.sagitta.definition.Source;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Tap;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.node.task.Revisions;
import io.sagitta.node.task.TaskId;
import io.sagitta.node.task.TaskResources;
import io.sagitta.node.task.TaskSlot;
import io.sagitta.node.task.TaskSpec;
import io.sagitta.node.task.WorkerShare;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A pipeline with its topics, of which a test runs the parts it wants. */
public final class TestPipeline {
  private static final int READ_MILLIS = 30_000;
  private static final Reach ANYWHERE = Reach.free(Path.of(""));
  private static final long MEMORY_BYTES = 64 << 20;

  public final PipelineId id;
  final Plan plan;
  private final int partitions;

  private TestPipeline(PipelineId id, Plan plan) {
    this.id = id;
    this.plan = plan;
    this.partitions = plan.definition().spec().parallelism();
  }

  /** Plans {@code text} and creates what control would create. */
  public static TestPipeline of(Provisioner provisioner, String text, int feeders) {
    ReadResult read = DefinitionReader.read("test.yaml", text.getBytes(StandardCharsets.UTF_8));
    if (read.definition().isEmpty()) {
      throw new AssertionError(read.problems().toString());
    }
    PlanResult planned = new Planner().plan(read.definition().orElseThrow(), read.locations());
    Plan plan = planned.plan().orElseThrow(() -> new AssertionError(planned.problems().toString()));
    PipelineId id =
        new PipelineId(plan.definition().metadata().tenant(), plan.definition().metadata().name());
    TestPipeline pipeline = new TestPipeline(id, plan);
    pipeline.provision(provisioner, feeders);
    return pipeline;
  }

  private void provision(Provisioner provisioner, int feeders) {
    provisioner.ensurePipeline(id, Duration.ofDays(1));
    List<String> held = new ArrayList<>();
    for (Chain chain : plan.chains()) {
      held.add(
          chain.head() instanceof Chain.Head.OfSource
              ? Topics.source(id, chain.name())
              : Topics.exchange(id, chain.name()));
      held.add(Topics.journal(id, chain.name()));
    }
    for (String topic : held) {
      provisioner.ensureTopic(topic, partitions);
      provisioner.ensureSubscription(topic);
    }
    for (String source : plan.definition().spec().sources().keySet()) {
      provisioner.ensureTopic(Topics.feed(id, source), feeders);
      provisioner.ensureSubscription(Topics.feed(id, source));
    }
    plan.definition()
        .spec()
        .streams()
        .keySet()
        .forEach(s -> provisioner.ensureTopic(Topics.stream(id, s), partitions));
    provisioner.ensureTopic(Topics.quarantine(id), 1);
  }

  FeedSpec feed(String name) {
    Source source = plan.definition().spec().sources().get(name);
    if (source == null) {
      throw new IllegalArgumentException(name);
    }
    return new FeedSpec(id, name, source, WireSchemas.of(source), partitions);
  }

  static List<SourceConnector> sources() {
    return ServiceLoader.load(SourceConnector.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  FeederSlot startFeeder(String name, PulsarConnection pulsar, BufferAllocator allocator) {
    FeederSlot slot = new FeederSlot(feed(name), pulsar, sources(), ANYWHERE, allocator);
    slot.start();
    return slot;
  }

  public List<TaskSlot> startTasks(
      PulsarConnection pulsar, DuckEngine engine, BufferAllocator allocator, Path spill) {
    return startTasks(
        pulsar,
        engine,
        allocator,
        spill,
        "n1",
        ServiceLoader.load(SinkConnector.class).stream().map(ServiceLoader.Provider::get).toList());
  }

  /** Starts all tasks, as node {@code node} would that has these sinks. */
  public List<TaskSlot> startTasks(
      PulsarConnection pulsar,
      DuckEngine engine,
      BufferAllocator allocator,
      Path spill,
      String node,
      List<SinkConnector> sinks) {
    TaskResources resources =
        new TaskResources(
            pulsar,
            tenant -> engine,
            allocator,
            sinks,
            sources(),
            (connection, pipeline, table, hash) -> new byte[0],
            pipeline -> ANYWHERE,
            tenant -> WorkerShare.WHOLE,
            node,
            spill,
            () -> MEMORY_BYTES,
            Clock.systemUTC());
    List<TaskSlot> slots = new ArrayList<>();
    for (Chain chain : plan.chains()) {
      for (int partition = 0; partition < partitions; partition++) {
        TaskSpec spec =
            new TaskSpec(
                new TaskId(id, chain.name(), partition),
                1,
                plan,
                chain,
                plan.definition().spec().sinks(),
                Map.of());
        TaskSlot slot = new TaskSlot(spec, Revisions.NONE, resources, Tap.NONE);
        slot.start();
        slots.add(slot);
      }
    }
    return slots;
  }

  /** Reads {@code count} rows of a topic, as JSON objects, waiting for them; then what is more. */
  public static List<String> rows(
      PulsarConnection pulsar, String topic, int count, BufferAllocator allocator)
      throws InterruptedException {
    List<String> rows = new ArrayList<>();
    List<PartitionReader> readers = new ArrayList<>();
    for (int partition = 0; partition < pulsar.partitions(topic); partition++) {
      readers.add(open(pulsar, Topics.partition(topic, partition)));
    }
    if (readers.isEmpty()) {
      readers.add(open(pulsar, topic));
    }
    long deadline = System.nanoTime() + Duration.ofMillis(READ_MILLIS).toNanos();
    boolean more = true;
    while ((rows.size() < count && System.nanoTime() < deadline) || more) {
      more = false;
      for (PartitionReader reader : readers) {
        try (Received message = reader.next(50).orElse(null)) {
          if (message != null) {
            more = true;
            rows.addAll(lines(message, allocator));
          }
        }
      }
    }
    readers.forEach(PartitionReader::close);
    return rows.stream().sorted().toList();
  }

  private static PartitionReader open(PulsarConnection pulsar, String topic) {
    return PartitionReader.open(pulsar, topic, new PartitionReader.Start.Earliest());
  }

  private static List<String> lines(Received message, BufferAllocator allocator) {
    if (!message.payload().hasRemaining()) {
      return List.of();
    }
    if (message.payload().get(message.payload().position()) == '{') {
      return StandardCharsets.UTF_8.decode(message.payload()).toString().lines().toList();
    }
    try (VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator)) {
      return new String(RowEncoder.encode(rows, RowFormat.JSON_LINES), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }
}
