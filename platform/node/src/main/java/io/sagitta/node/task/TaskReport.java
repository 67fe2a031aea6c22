package io.sagitta.node.task;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Progress;
import io.sagitta.transport.TaskStatus;
import java.util.Map;
import java.util.Optional;

/**
 * What a task says about itself at one moment; replaced as a whole.
 *
 * @param revision whose steps it makes; 0 as long as that is not known
 * @param step the last finished step
 * @param counts the ledger, by source and stage
 * @param behind as {@link TaskStatus#behind()}
 */
record TaskReport(
    TaskStatus.State state,
    String message,
    long revision,
    long step,
    Map<String, Counts> counts,
    Progress progress,
    Optional<Long> behind) {
  TaskReport {
    counts = Map.copyOf(counts);
  }

  static final TaskReport STARTING =
      new TaskReport(
          TaskStatus.State.STARTING, "", 0, 0, Map.of(), Progress.NONE, Optional.empty());

  TaskReport with(TaskStatus.State newState, String newMessage) {
    return new TaskReport(newState, newMessage, revision, step, counts, progress, behind);
  }
}
