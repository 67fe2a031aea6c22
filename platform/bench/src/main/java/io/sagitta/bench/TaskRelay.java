package io.sagitta.bench;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Tap;
import io.sagitta.node.task.Revisions;
import io.sagitta.node.task.TaskId;
import io.sagitta.node.task.TaskResources;
import io.sagitta.node.task.TaskSlot;
import io.sagitta.node.task.TaskSpec;
import io.sagitta.transport.TaskStatus;
import java.util.Map;

/** A node's own task: steps, journal, deduplication and all. */
final class TaskRelay implements Relay {
  private static final long QUIET_MILLIS = 500;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  private final TaskSlot slot;
  private final long rows;

  /**
   * Starts the chain behind {@code flights}.
   *
   * @param rows how many come
   */
  TaskRelay(Pipeline pipeline, TaskResources resources, HopTopics topics, long rows) {
    this.rows = rows;
    TaskSpec spec =
        new TaskSpec(
            new TaskId(topics.id(), Pipeline.SOURCE, 0),
            1,
            pipeline.plan(),
            pipeline.chain(),
            Map.of(),
            Map.of());
    slot = new TaskSlot(spec, Revisions.NONE, resources, Tap.NONE);
    slot.start();
  }

  @Override
  public Progression.State state() {
    return slot.status().map(TaskRelay::state).orElse(new Progression.State(0, 0));
  }

  private static Progression.State state(TaskStatus status) {
    Counts source = status.counts().getOrDefault(Pipeline.SOURCE, Counts.ZERO);
    return new Progression.State(source.in(), status.step());
  }

  @Override
  public void await() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long quietSince = System.nanoTime();
    Progression.State last = state();
    while (last.rows() < rows || System.nanoTime() - quietSince < QUIET_MILLIS * 1_000_000) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("The task does not come to an end: " + slot.status());
      }
      Thread.sleep(10);
      Progression.State now = state();
      if (!now.equals(last)) {
        quietSince = System.nanoTime();
        last = now;
      }
    }
  }

  @Override
  public void close() {
    slot.close();
  }
}
