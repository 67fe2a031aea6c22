package io.sagitta.bench;

import io.sagitta.engine.Counts;
import io.sagitta.engine.Tap;
import io.sagitta.node.task.TaskId;
import io.sagitta.node.task.TaskResources;
import io.sagitta.node.task.TaskSlot;
import io.sagitta.node.task.TaskSpec;
import io.sagitta.transport.TaskStatus;
import java.util.Map;

/** A node's own task over one hop: steps, journal, deduplication and all. */
final class TaskHop {
  private static final long QUIET_MILLIS = 500;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  private TaskHop() {}

  /**
   * Runs the chain behind {@code flights} until it has taken {@code rows} rows and is at rest.
   *
   * @param warmRows rows before measuring begins
   */
  static Progression.Cost run(
      Pipeline pipeline,
      TaskResources resources,
      long brokerPid,
      HopTopics topics,
      long rows,
      long warmRows)
      throws InterruptedException {
    TaskSpec spec =
        new TaskSpec(
            new TaskId(topics.id(), Pipeline.SOURCE, 0),
            1,
            pipeline.plan(),
            pipeline.chain(),
            Map.of(),
            Map.of());
    try (TaskSlot slot = new TaskSlot(spec, resources, Tap.NONE);
        Progression progression = Progression.of(brokerPid, () -> state(slot))) {
      slot.start();
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      long quietSince = System.nanoTime();
      Progression.State last = state(slot);
      while (last.rows() < rows || System.nanoTime() - quietSince < QUIET_MILLIS * 1_000_000) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("The task does not come to an end: " + slot.status());
        }
        Thread.sleep(10);
        Progression.State now = state(slot);
        if (!now.equals(last)) {
          quietSince = System.nanoTime();
          last = now;
        }
      }
      return progression.costAfter(warmRows);
    }
  }

  private static Progression.State state(TaskSlot slot) {
    return slot.status().map(TaskHop::state).orElse(new Progression.State(0, 0));
  }

  private static Progression.State state(TaskStatus status) {
    Counts source = status.counts().getOrDefault(Pipeline.SOURCE, Counts.ZERO);
    return new Progression.State(source.in(), status.step());
  }
}
