package io.sagitta.node.task;

import java.util.Optional;

/** Gives what a task did under an earlier revision of its pipeline. */
@FunctionalInterface
public interface Revisions {
  /** No revision but the one that runs. */
  Revisions NONE = (task, revision) -> Optional.empty();

  /**
   * Returns the task as it was under {@code revision}; empty if that is not kept or had no such
   * task.
   *
   * @throws IllegalArgumentException if this node's version refuses that revision
   */
  Optional<TaskSpec> of(TaskId task, long revision);
}
