package io.sagitta.control.apply;

import io.sagitta.control.status.TaskTracker;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StreamVersion;
import io.sagitta.transport.TaskStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How a pipeline's next revision follows the one that runs: its number, and what it keeps. */
final class Succession {
  /** How long after it was applied a revision counts as one that starts. */
  static final Duration START = Duration.ofMinutes(10);

  private final TaskTracker tracker;
  private final Plans plans;
  private final Clock clock;

  /**
   * Who makes a revision, and why.
   *
   * @param reason empty if somebody asked for it
   * @param fallback what to go back to if it does not start; 0 if nothing
   */
  record Origin(String author, String commit, String reason, long fallback) {}

  Succession(TaskTracker tracker, Plans plans, Clock clock) {
    this.tracker = tracker;
    this.plans = plans;
    this.clock = clock;
  }

  /** Returns the revision behind {@code running}, which makes {@code candidate} run. */
  Deployment next(
      Candidate candidate,
      Map<String, String> hashes,
      Map<String, StreamVersion> streams,
      Origin origin,
      Optional<Deployment> running) {
    return new Deployment(
        candidate.id().tenant(),
        candidate.id().name(),
        running.map(Deployment::revision).orElse(0L) + 1,
        candidate.text(),
        candidate.environment(),
        candidate.hash(),
        running.map(Deployment::desired).orElse(Deployment.Desired.RUNNING),
        hashes,
        streams,
        origin.author(),
        origin.commit(),
        clock.instant().toString(),
        running.map(Deployment::pausedBecause).orElse(""),
        origin.fallback(),
        origin.reason(),
        running.map(r -> r.history(oldestAtWork(r.id()))).orElse(List.of()));
  }

  /** Returns the oldest revision that a task was last heard to make steps of. */
  private long oldestAtWork(PipelineId pipeline) {
    return tracker.of(pipeline).stream()
        .mapToLong(TaskStatus::revision)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /**
   * Returns the revision that whatever takes the place of {@code running} can go back to: itself if
   * all its tasks work; what it would go back to as long as it starts; else none, 0.
   */
  long fallback(Deployment running) {
    if (works(running)) {
      return running.revision();
    }
    return starts(running, clock) ? running.fallback() : 0;
  }

  /** Returns whether {@code deployment} was applied so lately that its start may fail. */
  static boolean starts(Deployment deployment, Clock clock) {
    return clock.instant().isBefore(Instant.parse(deployment.appliedAt()).plus(START));
  }

  private boolean works(Deployment running) {
    Set<String> working =
        tracker.of(running.id()).stream()
            .filter(r -> r.revision() == running.revision())
            .filter(
                r -> r.state() == TaskStatus.State.RUNNING || r.state() == TaskStatus.State.STOPPED)
            .map(TaskStatus::key)
            .collect(Collectors.toSet());
    return plans.of(running).filter(plan -> working.containsAll(tasks(running, plan))).isPresent();
  }

  private static Set<String> tasks(Deployment running, Plan plan) {
    Set<String> tasks = new HashSet<>();
    for (Chain chain : plan.chains()) {
      for (int p = 0; p < plan.definition().spec().parallelism(); p++) {
        tasks.add(running.id() + "/" + chain.name() + "/" + p);
      }
    }
    return tasks;
  }
}
