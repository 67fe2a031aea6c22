package io.sagitta.node;

import io.sagitta.engine.Tap;
import io.sagitta.node.feed.FeedSpec;
import io.sagitta.node.feed.FeederSlot;
import io.sagitta.node.task.TaskResources;
import io.sagitta.node.task.TaskSlot;
import io.sagitta.node.task.TaskSpec;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's tasks as the deployments want them, and reports what they do. All its work
 * happens on one thread, in the order in which deployments change.
 */
final class Supervisor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private final TaskResources resources;
  private final PipelineConnections connections;
  private final TenantMemory memory;
  private final BiFunction<TaskSpec, PulsarConnection, Tap> taps;
  private final NodeMetrics metrics;
  private final Duration patience;
  private final Map<String, Running> running = new HashMap<>();
  private final Map<String, TaskStatus> reported = new HashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "supervisor"));
  private Optional<StateTopic<Deployment>> deployments = Optional.empty();
  private Optional<PartitionProducer> status = Optional.empty();

  private record Running(Deployment deployment, List<TaskSlot> slots, List<FeederSlot> feeders) {}

  /**
   * Creates one; {@link #start} begins.
   *
   * @param resources with the node's own connection
   * @param connections stay the caller's
   * @param memory stays the caller's
   * @param taps gives each task's tap
   * @param patience how long a task may not move
   */
  Supervisor(
      TaskResources resources,
      PipelineConnections connections,
      TenantMemory memory,
      BiFunction<TaskSpec, PulsarConnection, Tap> taps,
      NodeMetrics metrics,
      Duration patience) {
    this.resources = resources;
    this.connections = connections;
    this.memory = memory;
    this.taps = taps;
    this.metrics = metrics;
    this.patience = patience;
  }

  /** Follows the deployments. */
  void start() {
    status =
        Optional.of(
            StateTopic.writer(resources.pulsar(), Topics.STATUS, PartitionProducer.Access.SHARED));
    StateTopic<Deployment> topic =
        StateTopic.open(resources.pulsar(), Topics.DEPLOYMENTS, Deployment.class);
    deployments = Optional.of(topic);
    topic.listen((key, value) -> thread.execute(() -> follow(key, value)));
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(this::report, 200, 500, TimeUnit.MILLISECONDS);
  }

  private void follow(String key, Optional<Deployment> wanted) {
    Running now = running.get(key);
    if (now != null && wanted.isPresent() && now.deployment().equals(wanted.get())) {
      return;
    }
    try {
      if (now != null
          && wanted
              .filter(w -> w.with(now.deployment().tables()).equals(now.deployment()))
              .isPresent()) {
        announce(key, now, wanted.get());
        return;
      }
      if (now != null) {
        stop(now);
        running.remove(key);
      }
      if (wanted.isPresent() && wanted.get().desired() == Deployment.Desired.RUNNING) {
        running.put(key, start(wanted.get()));
      }
    } catch (RuntimeException e) {
      LOG.error("Cannot follow the deployment of {}", PipelineId.parse(key), e);
    }
  }

  /** Other tables do not stop tasks: they switch between two steps. */
  private void announce(String key, Running now, Deployment wanted) {
    now.slots().forEach(slot -> slot.announce(wanted.tables()));
    running.put(key, new Running(wanted, now.slots(), now.feeders()));
  }

  private Running start(Deployment deployment) {
    List<TaskSlot> slots = new ArrayList<>();
    PlannedDeployment planned = PlannedDeployment.of(deployment);
    String tenant = deployment.tenant();
    TaskResources own =
        resources.of(
            connections.of(deployment.id()), memory.of(tenant), () -> memory.windowBytes(tenant));
    EarlierRevisions earlier = new EarlierRevisions(planned);
    for (TaskSpec spec : planned.tasks()) {
      TaskSlot slot = new TaskSlot(spec, earlier, own, taps.apply(spec, own.pulsar()));
      slots.add(slot);
      slot.start();
    }
    List<FeederSlot> feeders = new ArrayList<>();
    for (FeedSpec spec : planned.feeds()) {
      FeederSlot feeder =
          new FeederSlot(
              spec,
              own.pulsar(),
              own.sources(),
              own.reach().apply(deployment.id()),
              own.allocator());
      feeders.add(feeder);
      feeder.start();
    }
    LOG.info(
        "Follows revision {} of {}: {} tasks",
        deployment.revision(),
        deployment.id(),
        slots.size());
    memory.tasks(tenant, slots.size());
    return new Running(deployment, slots, feeders);
  }

  private void stop(Running pipeline) {
    pipeline.feeders().forEach(FeederSlot::close);
    pipeline.slots().forEach(TaskSlot::stop);
    pipeline.slots().forEach(TaskSlot::close);
    publish(pipeline);
    connections.release(pipeline.deployment().id());
    memory.tasks(pipeline.deployment().tenant(), -pipeline.slots().size());
    LOG.info("Stopped {}", pipeline.deployment().id());
  }

  private void report() {
    try {
      memory.refresh();
      running.values().forEach(this::publish);
    } catch (RuntimeException e) {
      // An exception would end all further reports.
      LOG.warn("Cannot report", e);
    }
  }

  private void publish(Running pipeline) {
    for (TaskSlot slot : pipeline.slots()) {
      if (slot.giveUpAfter(patience)) {
        metrics.stalled(pipeline.deployment().id());
      }
      slot.status().ifPresent(this::publish);
    }
  }

  private void publish(TaskStatus now) {
    metrics.observe(now);
    TaskStatus before = reported.put(now.key(), now);
    if (before != null && now.isRepeatOf(before)) {
      reported.put(now.key(), before);
      return;
    }
    status.ifPresent(
        writer ->
            StateTopic.put(writer, now.key(), Optional.of(now)).exceptionally(this::notReported));
  }

  private @Nullable Void notReported(Throwable failure) {
    LOG.warn("Cannot report: {}", failure.getMessage());
    return null;
  }

  /** Drains all tasks, so that other nodes go on where they stand. */
  @Override
  public void close() {
    deployments.ifPresent(StateTopic::close);
    thread.execute(
        () -> {
          running.values().forEach(p -> p.slots().forEach(TaskSlot::stop));
          running.values().forEach(this::stop);
          running.clear();
        });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(60, TimeUnit.SECONDS)) {
        LOG.warn("Tasks did not drain in 60 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    status.ifPresent(PartitionProducer::closeAndWait);
  }
}
