package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.engine.Tap;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.FencedOutException;
import io.sagitta.transport.PartitionConsumer;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.TransportException;
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
 */
final class TaskSession implements AutoCloseable {
  private final TaskParts parts;
  private final Tap tap;
  private final Consumer<TaskReport> reporter;
  private final Bounds bounds = Bounds.DEFAULT;

  private TaskSession(TaskParts parts, Tap tap, Consumer<TaskReport> reporter) {
    this.parts = parts;
    this.tap = tap;
    this.reporter = reporter;
  }

  /**
   * Takes the journal; waits while another owner holds it.
   *
   * @param tables gives the content hash by table that control wants now
   * @return empty if {@code active} became false before
   */
  static Optional<TaskSession> take(
      TaskSpec spec,
      TaskResources resources,
      PartitionConsumer consumer,
      Supplier<Map<String, String>> tables,
      Tap tap,
      BooleanSupplier active,
      Consumer<TaskReport> reporter)
      throws InterruptedException {
    while (active.getAsBoolean()) {
      try {
        ExclusiveLog<StepRecord> journal =
            ExclusiveLog.take(resources.pulsar(), spec.journalTopic(), StepRecord.class);
        return Optional.of(
            new TaskSession(new TaskParts(spec, resources, consumer, journal, tables), tap, reporter));
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
   * Runs until {@code active} is false, then finishes what is on its way if {@code drain} says so.
   *
   * @throws TransportException if Pulsar or a sink fails; the session is to be closed then
   */
  void run(BooleanSupplier active, BooleanSupplier drain)
      throws InterruptedException, ConnectorException {
    List<ExclusiveLog.Entry<StepRecord>> recorded = Replay.recorded(parts.journal());
    Optional<StepRecord> last =
        recorded.isEmpty()
            ? Optional.empty()
            : Optional.of(recorded.get(recorded.size() - 1).record());
    parts.open(bounds, last);
    parts.runner().tap(tap);
    StepWork work = new StepWork(parts);
    last.ifPresent(work::standBefore);
    reporter.accept(work.report(TaskStatus.State.RUNNING));
    if (!new RecordedSteps(parts, work, recorded).repeat(active)) {
      return;
    }
    new NewSteps(parts, work, bounds, reporter).run(active);
    if (drain.getAsBoolean()) {
      new OrderlyStop(parts, work).drain();
      reporter.accept(work.report(TaskStatus.State.STOPPED));
    }
  }

  @Override
  public void close() {
    parts.close();
  }
}
