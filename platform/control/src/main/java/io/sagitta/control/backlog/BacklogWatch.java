package io.sagitta.control.backlog;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.control.desired.Watch;
import io.sagitta.control.events.EventTail;
import io.sagitta.control.status.Backlog;
import io.sagitta.control.status.TaskTracker;
import io.sagitta.transport.Backpressure;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures what waits for tasks that have not caught up, and tells gateways to hold the ingest of a
 * pipeline while that is more than may be: so a sink that is away cannot fill Pulsar's disks. Only
 * the control that writes desired state does.
 *
 * <p>Ingest goes on once a fifth of the limit is free again, or the tasks have caught up: what open
 * windows need waits, too, and must not hold the rows that would close them.
 */
public final class BacklogWatch implements Managed {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST_RUNNING = Duration.ofSeconds(5);
  private static final Duration MOST_PAUSED = Duration.ofMinutes(1);

  /** A task that fails again and again runs for a moment in between. */
  private static final Duration CALM = Duration.ofSeconds(10);

  private static final double GOES_ON_AT = 0.8;

  /** A task that is less behind has caught up. */
  private static final double BEHIND_SECONDS = 5;

  /** Nothing fills a backlog faster, so this is how long one that is far from full can wait. */
  private static final double FASTEST_BYTES_PER_SECOND = 100e6;

  private final DesiredState desired;
  private final TaskTracker tracker;
  private final Provisioner provisioner;
  private final EventTail events;
  private final long limitBytes;
  private final Clock clock;
  private final StateTopic<Backpressure> full;
  private final PartitionProducer writer;
  private final Map<PipelineId, Instant> nextLook = new HashMap<>();
  private final Map<PipelineId, Measures> measures = new ConcurrentHashMap<>();
  private final Map<PipelineId, Instant> caughtUpSince = new HashMap<>();
  private final Watch watch = new Watch("backlog-watch", LOOK, this::look);

  /**
   * Creates one; all parts stay the caller's. {@link #start} begins.
   *
   * @param limitBytes how much of one pipeline may wait
   */
  public BacklogWatch(
      DesiredState desired,
      TaskTracker tracker,
      Provisioner provisioner,
      PulsarConnection connection,
      EventTail events,
      long limitBytes,
      Clock clock) {
    this.desired = desired;
    this.tracker = tracker;
    this.provisioner = provisioner;
    this.events = events;
    this.limitBytes = limitBytes;
    this.clock = clock;
    this.full = StateTopic.open(connection, Topics.BACKPRESSURE, Backpressure.class);
    this.writer =
        StateTopic.writer(connection, Topics.BACKPRESSURE, PartitionProducer.Access.SHARED);
  }

  @Override
  public void start() {
    watch.start();
  }

  /** Returns what waits for the tasks of {@code pipeline}; empty if they have caught up. */
  public Optional<Backlog> of(PipelineId pipeline) {
    Optional<Measures> known = Optional.ofNullable(measures.get(pipeline));
    return known
        .flatMap(Measures::bytes)
        .map(bytes -> new Backlog(bytes, known.get().drainedInSeconds(), held(pipeline)));
  }

  private Optional<Backpressure> held(PipelineId pipeline) {
    return full.get(pipeline.toString());
  }

  private void look() throws InterruptedException {
    if (!desired.writes()) {
      return;
    }
    Set<PipelineId> there = new HashSet<>();
    for (Deployment deployment : desired.all()) {
      there.add(deployment.id());
      look(deployment);
    }
    nextLook.keySet().retainAll(there);
    caughtUpSince.keySet().retainAll(there);
    measures.keySet().retainAll(there);
    for (String id : full.all().keySet()) {
      if (!there.contains(PipelineId.parse(id))) {
        put(PipelineId.parse(id), Optional.empty());
      }
    }
  }

  private void look(Deployment deployment) {
    PipelineId id = deployment.id();
    Instant now = clock.instant();
    if (hasCaughtUp(deployment)) {
      Instant since = caughtUpSince.computeIfAbsent(id, i -> now);
      if (!now.isBefore(since.plus(CALM))) {
        nextLook.remove(id);
        measures.remove(id);
        if (held(id).isPresent()) {
          goOn(id);
        }
        return;
      }
    } else {
      caughtUpSince.remove(id);
    }
    if (now.isBefore(nextLook.getOrDefault(id, now))) {
      return;
    }
    long bytes = provisioner.backlogBytes(id);
    measures.computeIfAbsent(id, i -> new Measures()).add(now, bytes);
    nextLook.put(id, now.plus(patience(deployment, bytes)));
    Optional<Backpressure> before = held(id);
    if (before.isPresent()) {
      if (bytes < GOES_ON_AT * limitBytes) {
        goOn(id);
      } else if (bytes != before.get().backlogBytes()) {
        put(id, Optional.of(before.get().with(bytes)));
      }
    } else if (bytes > limitBytes) {
      put(id, Optional.of(Backpressure.begins(id, bytes, limitBytes, now)));
      events.warn(
          id,
          "Ingest is held: %,d MiB wait for its tasks, more than the %,d MiB of backlog.limit. It"
                  .formatted(bytes >> 20, limitBytes >> 20)
              + " goes on by itself once they have caught up; 'sagitta status "
              + id
              + "' shows what keeps them.");
    }
  }

  private boolean hasCaughtUp(Deployment deployment) {
    Collection<TaskStatus> reports = tracker.of(deployment.id());
    return deployment.desired() == Deployment.Desired.RUNNING
        && !reports.isEmpty()
        && reports.stream()
            .allMatch(
                report ->
                    report.state() == TaskStatus.State.RUNNING
                        && !tracker.isSilent(report)
                        && tracker.behindSeconds(report).orElse(0.0) < BEHIND_SECONDS);
  }

  private Duration patience(Deployment deployment, long bytes) {
    Duration most = deployment.desired() == Deployment.Desired.RUNNING ? MOST_RUNNING : MOST_PAUSED;
    double seconds = (limitBytes - bytes) / FASTEST_BYTES_PER_SECOND;
    Duration untilFull = Duration.ofMillis((long) (1000 * Math.max(0, seconds)));
    if (untilFull.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return untilFull.compareTo(most) > 0 ? most : untilFull;
  }

  private void goOn(PipelineId id) {
    put(id, Optional.empty());
    events.say(id, "Ingest goes on: its tasks have caught up far enough.");
  }

  private void put(PipelineId id, Optional<Backpressure> value) {
    try {
      StateTopic.put(writer, id.toString(), value).join();
      full.refresh().join();
    } catch (CompletionException e) {
      throw new TransportException(
          "Cannot tell gateways of the backlog of " + id + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void stop() throws InterruptedException {
    watch.close();
    writer.close();
    full.close();
  }
}
