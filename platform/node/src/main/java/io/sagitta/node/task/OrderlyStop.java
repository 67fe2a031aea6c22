package io.sagitta.node.task;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last part of a session that nothing cut short: finishes its steps and closes the journal. */
final class OrderlyStop {
  private static final Logger LOG = LoggerFactory.getLogger(OrderlyStop.class);

  private final TaskParts parts;
  private final StepWork work;

  OrderlyStop(TaskParts parts, StepWork work) {
    this.parts = parts;
    this.work = work;
  }

  /**
   * Finishes what is on its way and closes the journal.
   *
   * @param patient false when it is to be given up
   */
  void drain(BooleanSupplier patient) throws InterruptedException {
    parts.lanes().flush();
    StepQueue steps = work.steps();
    while (!steps.allFinished() && patient.getAsBoolean()) {
      work.finish();
      Thread.sleep(5);
    }
    if (steps.allFinished()) {
      Optional<Step> last = steps.last();
      if (last.isPresent()) {
        closeJournal(last.get());
      }
    }
  }

  /**
   * Records where the task stands, so that its next owner, perhaps of another revision, repeats
   * nothing; then even the newest step's messages may go.
   */
  private void closeJournal(Step last) throws InterruptedException {
    StepRecord closing =
        work.record(last.number() + 1, true, last.last(), last.last(), work.openFrom(last));
    try {
      parts.topics().append(closing).get(5, TimeUnit.SECONDS);
      work.acknowledgeNewest();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "Task {} did not close its journal: its next owner repeats a step", parts.spec().id());
    }
  }
}
