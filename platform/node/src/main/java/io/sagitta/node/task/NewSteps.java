package io.sagitta.node.task;

import io.sagitta.transport.Position;
import io.sagitta.transport.TaskStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The main part of a session: makes steps of the messages that come. */
final class NewSteps {
  private final TaskParts parts;
  private final StepWork work;
  private final Bounds bounds;
  private final Consumer<TaskReport> reporter;

  NewSteps(TaskParts parts, StepWork work, Bounds bounds, Consumer<TaskReport> reporter) {
    this.parts = parts;
    this.work = work;
    this.bounds = bounds;
    this.reporter = reporter;
  }

  /** Goes on while {@code active}. */
  void run(BooleanSupplier active) throws InterruptedException {
    while (active.getAsBoolean()) {
      parts.tables().advance(parts.runner());
      Optional<StepInput.Gathered> gathered =
          work.steps().unpublished() < bounds.stepsInFlight()
              ? parts.input().gather(bounds)
              : pause();
      if (gathered.isPresent()) {
        parts.idle().saw(gathered.get());
        work.compute(gathered.get(), record(gathered.get()), true);
      } else {
        parts.idle().nothingCame();
      }
      work.finish();
      reporter.accept(work.report(TaskStatus.State.RUNNING));
    }
  }

  private CompletableFuture<Position> record(StepInput.Gathered gathered) {
    try {
      long number = work.begin();
      return parts
          .topics()
          .append(
              work.record(number, false, gathered.first(), gathered.last(), work.needs(gathered)));
    } catch (RuntimeException e) {
      gathered.close();
      throw e;
    }
  }

  private Optional<StepInput.Gathered> pause() throws InterruptedException {
    Thread.sleep(1);
    return Optional.empty();
  }
}
