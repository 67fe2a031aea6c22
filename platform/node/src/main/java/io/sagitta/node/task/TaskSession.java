package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.engine.Tap;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PartitionClaim;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One ownership of a task, from takeover to loss: takes the journal, repeats what it {@linkplain
 * RecordedSteps recorded}, goes on with {@linkplain NewSteps new steps}, and {@linkplain
 * OrderlyStop stops in order} if it is asked to. One thread runs it.
 *
 * <p>The order that makes a row count once: the journal is held exclusively before anything is
 * done; a step's record is persisted before any of its outputs leaves; the input is acknowledged
 * only when outputs are persisted and sinks have committed.
 *
 * <p>Steps that an earlier revision left unfinished are repeated with that revision's definition;
 * then the journal is closed, as after an orderly stop, and the new revision begins behind it.
 */
final class TaskSession implements AutoCloseable {
  private static final int STOP_MILLIS = 10_000;

  private final TaskSpec spec;
  private final TaskResources resources;
  private final PartitionClaim claim;
  private final ExclusiveLog<StepRecord> journal;
  private final Consumer<TaskReport> reporter;
  private final Bounds bounds = Bounds.DEFAULT;
  private final StallWatch stall = new StallWatch();
  private volatile Optional<TaskParts> current = Optional.empty();

  private TaskSession(
      TaskSpec spec,
      TaskResources resources,
      PartitionClaim claim,
      ExclusiveLog<StepRecord> journal,
      Consumer<TaskReport> reporter) {
    this.spec = spec;
    this.resources = resources;
    this.claim = claim;
    this.journal = journal;
    this.reporter = reporter;
  }

  /**
   * Takes the journal; waits while another owner holds it.
   *
   * @return empty if {@code active} became false before
   */
  static Optional<TaskSession> take(
      TaskSpec spec,
      TaskResources resources,
      PartitionClaim claim,
      BooleanSupplier active,
      Consumer<TaskReport> reporter)
      throws InterruptedException {
    while (active.getAsBoolean()) {
      try {
        ExclusiveLog<StepRecord> journal =
            ExclusiveLog.take(resources.pulsar(), spec.journalTopic(), StepRecord.class);
        return Optional.of(new TaskSession(spec, resources, claim, journal, reporter));
      } catch (FencedOutException e) {
        reporter.accept(
            TaskReport.STARTING.with(
                TaskStatus.State.STARTING, "waits until the last owner lets the journal go"));
        Thread.sleep(100);
      }
    }
    return Optional.empty();
  }

  /**
   * Runs until {@code active} is false, then finishes what is on its way if {@code drain} says so;
   * or until the steps of an earlier revision are finished: then the next session begins behind
   * them.
   *
   * @param tables gives the content hash by table that control wants now
   * @throws TransportException if Pulsar or a sink fails; the session is to be closed then
   */
  void run(
      BooleanSupplier active,
      BooleanSupplier drain,
      Revisions revisions,
      Supplier<Map<String, String>> tables,
      Tap tap)
      throws InterruptedException, ConnectorException {
    List<ExclusiveLog.Entry<StepRecord>> recorded = Replay.recorded(journal);
    Optional<StepRecord> last = Replay.newest(recorded);
    long revision = Replay.unfinishedRevision(last).orElse(spec.revision());
    if (revision == spec.revision()) {
      try (TaskParts parts = new TaskParts(spec, resources, topics(spec), tables)) {
        current = Optional.of(parts);
        parts.open(bounds, recorded);
        parts.runner().tap(tap);
        goOn(parts, new StepWork(parts, last, stall), recorded, active, drain);
      }
    } else {
      TaskSpec earlier = earlier(revisions, revision);
      try (TaskParts parts =
          new TaskParts(earlier, resources, topics(earlier), earlier::tableHashes)) {
        current = Optional.of(parts);
        parts.open(bounds, recorded);
        finish(parts, new StepWork(parts, last, stall), recorded, active);
      }
    }
  }

  private TaskTopics topics(TaskSpec of) {
    return new PulsarTopics(of, resources.pulsar(), claim, journal);
  }

  private TaskSpec earlier(Revisions revisions, long revision) {
    return revisions
        .of(spec.id(), revision)
        .orElseThrow(
            () ->
                new TransportException(
                    "Revision "
                        + revision
                        + " left steps unfinished, and control keeps its definition no more."
                        + " Delete the pipeline and apply it anew"));
  }

  private void goOn(
      TaskParts parts,
      StepWork work,
      List<ExclusiveLog.Entry<StepRecord>> recorded,
      BooleanSupplier active,
      BooleanSupplier drain)
      throws InterruptedException {
    reporter.accept(work.report(TaskStatus.State.RUNNING));
    if (!new RecordedSteps(parts, work, recorded).repeat(active)) {
      return;
    }
    new NewSteps(parts, work, bounds, reporter).run(active);
    if (drain.getAsBoolean()) {
      long deadline = resources.clock().millis() + STOP_MILLIS;
      new OrderlyStop(parts, work).drain(() -> resources.clock().millis() < deadline);
      reporter.accept(work.report(TaskStatus.State.STOPPED));
    }
  }

  private void finish(
      TaskParts parts,
      StepWork work,
      List<ExclusiveLog.Entry<StepRecord>> recorded,
      BooleanSupplier active)
      throws InterruptedException {
    reporter.accept(
        work.report(TaskStatus.State.STARTING)
            .with(
                TaskStatus.State.STARTING,
                "finishes the steps of revision " + parts.spec().revision() + " first"));
    if (new RecordedSteps(parts, work, recorded).repeat(active)) {
      new OrderlyStop(parts, work).drain(active);
    }
  }

  /** Returns how long the task has not moved. */
  Duration still() {
    return stall.still();
  }

  /**
   * Lets the task go although its thread does not: what that one does when it comes back fails, as
   * any late writer's. From another thread.
   */
  void abandon() {
    claim.close();
    current.ifPresent(TaskParts::abandon);
    journal.close();
  }

  @Override
  public void close() {
    journal.close();
  }
}
