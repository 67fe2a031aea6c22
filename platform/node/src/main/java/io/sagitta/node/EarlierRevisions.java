package io.sagitta.node;

import io.sagitta.node.task.Revisions;
import io.sagitta.node.task.TaskId;
import io.sagitta.node.task.TaskSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What ran before a deployment, each revision planned when a task first needs it. Thread-safe. */
final class EarlierRevisions implements Revisions {
  private final PlannedDeployment now;
  private final Path data;
  private final Map<Long, List<TaskSpec>> tasks = new HashMap<>();

  /**
   * Creates one.
   *
   * @param data where relative paths of sinks start
   */
  EarlierRevisions(PlannedDeployment now, Path data) {
    this.now = now;
    this.data = data;
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
        .map(earlier -> PlannedDeployment.of(earlier).tasksBefore(now, data))
        .orElse(List.of());
  }
}
