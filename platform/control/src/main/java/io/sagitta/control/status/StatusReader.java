package io.sagitta.control.status;

import io.sagitta.control.apply.Plans;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StorageHold;
import io.sagitta.transport.TaskStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Sets what tasks report against what shall run. */
public final class StatusReader {
  private static final String WAITING = "WAITING";
  private static final String SILENT = "SILENT";

  private final TaskTracker tracker;
  private final Plans plans;
  private final Function<PipelineId, Optional<Backlog>> backlogs;
  private final Function<String, Optional<StorageHold>> storage;

  /**
   * Creates one.
   *
   * @param backlogs what waits for the tasks of a pipeline
   * @param storage what the topics of a tenant keep beyond their quota
   */
  public StatusReader(
      TaskTracker tracker,
      Plans plans,
      Function<PipelineId, Optional<Backlog>> backlogs,
      Function<String, Optional<StorageHold>> storage) {
    this.tracker = tracker;
    this.plans = plans;
    this.backlogs = backlogs;
    this.storage = storage;
  }

  /** Returns how {@code deployment} runs. */
  public PipelineStatus status(Deployment deployment) {
    Collection<TaskStatus> reports = tracker.of(deployment.id());
    Optional<Plan> plan = plans.of(deployment);
    List<TaskLine> tasks = plan.map(p -> tasks(p, reports)).orElse(List.of());
    List<StageLine> stages =
        plan.map(p -> new Ledger(p, reports, tracker).lines()).orElse(List.of());
    List<StageLine> sources = stages.stream().filter(s -> s.kind().equals("source")).toList();
    boolean balanced = stages.stream().allMatch(s -> s.missing() == 0);
    return new PipelineStatus(
        new PipelineSummary(
            deployment.tenant(),
            deployment.pipeline(),
            deployment.revision(),
            deployment.desired().name(),
            plan.isEmpty() ? "UNPLANNABLE" : state(deployment, tasks),
            deployment.pausedBecause(),
            deployment.author(),
            deployment.commit(),
            deployment.appliedAt(),
            deployment.reason(),
            backlogs.apply(deployment.id()),
            storage.apply(deployment.tenant()),
            (int) tasks.stream().filter(t -> t.state().equals("RUNNING")).count(),
            tasks.size(),
            sources.stream().mapToLong(s -> s.counts().in()).sum(),
            sources.stream().mapToDouble(StageLine::inPerSecond).sum(),
            balanced,
            balanced && stages.stream().allMatch(s -> s.onTheWay() == 0)),
        tasks,
        stages);
  }

  /** Returns every task that shall run, and those of older revisions that still report. */
  private List<TaskLine> tasks(Plan plan, Collection<TaskStatus> reports) {
    Map<String, TaskStatus> byTask = new HashMap<>();
    reports.forEach(r -> byTask.put(r.chain() + "/" + r.partition(), r));
    List<TaskLine> lines = new ArrayList<>();
    int partitions = plan.definition().spec().parallelism();
    for (Chain chain : plan.chains()) {
      for (int partition = 0; partition < partitions; partition++) {
        TaskStatus report = byTask.remove(chain.name() + "/" + partition);
        lines.add(report == null ? unreported(chain.name(), partition) : reported(report));
      }
    }
    byTask.values().stream()
        .filter(r -> r.state() != TaskStatus.State.STOPPED && !tracker.isSilent(r))
        .map(this::reported)
        .forEach(lines::add);
    return lines;
  }

  private static TaskLine unreported(String chain, int partition) {
    return new TaskLine(
        chain,
        partition,
        WAITING,
        Optional.empty(),
        "no node has reported it",
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private TaskLine reported(TaskStatus report) {
    boolean silent = tracker.isSilent(report);
    return new TaskLine(
        report.chain(),
        report.partition(),
        silent ? SILENT : report.state().name(),
        Optional.of(report.node()),
        silent
            ? "nothing heard for " + tracker.age(report).toSeconds() + " s; was " + report.state()
            : report.message(),
        report.step(),
        report.revision(),
        watermark(report.progress().watermarkMicros()),
        Optional.of(report.progress().activity().name()),
        tracker.behindSeconds(report),
        tracker.caughtUpInSeconds(report),
        Optional.of(report.at()),
        Optional.of(tracker.age(report).toMillis() / 1000.0));
  }

  private static Optional<String> watermark(long micros) {
    return micros == Long.MIN_VALUE || micros == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
  }

  private static String state(Deployment deployment, List<TaskLine> tasks) {
    boolean stopped =
        tasks.stream().allMatch(t -> List.of("STOPPED", WAITING, SILENT).contains(t.state()));
    if (deployment.desired() == Deployment.Desired.PAUSED) {
      return stopped ? "PAUSED" : "PAUSING";
    }
    for (String worst : List.of("RETRYING", SILENT, WAITING)) {
      if (tasks.stream().anyMatch(t -> t.state().equals(worst))) {
        return worst;
      }
    }
    boolean running =
        tasks.stream()
            .allMatch(t -> t.state().equals("RUNNING") && t.revision() == deployment.revision());
    return running ? "RUNNING" : "STARTING";
  }
}
