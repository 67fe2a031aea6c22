package io.sagitta.node;

import io.sagitta.node.task.Revisions;
import io.sagitta.node.task.TaskId;
import io.sagitta.node.task.TaskSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What ran before a deployment, each revision planned when a task first needs it. Thread-safe. */
final class EarlierRevisions implements Revisions {
  private final PlannedDeployment now;
  private final Map<Long, List<TaskSpec>> tasks = new HashMap<>();

  EarlierRevisions(PlannedDeployment now) {
    this.now = now;
  }

  @Override
  public synchronized Optional<TaskSpec> of(TaskId task, long revision) {
    return tasks.computeIfAbsent(revision, this::plan).stream()
        .filter(spec -> spec.id().equals(task))
        .findFirst();
  }

  private List<TaskSpec> plan(long revision) {
    return now.deployment()
        .earlier(revision)
        .map(earlier -> PlannedDeployment.of(earlier).tasksBefore(now))
        .orElse(List.of());
  }
}
