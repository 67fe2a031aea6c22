package io.sagitta.node.task;

import io.sagitta.engine.StepResult;
import org.apache.arrow.memory.BufferAllocator;

/** Takes samples of what leaves a task, if somebody asks for them; lossy and bounded. */
@FunctionalInterface
public interface Tap {
  /** Nobody asks. */
  Tap NONE = (result, allocator) -> {};

  /** Looks at a step's result, which stays the caller's. */
  void offer(StepResult result, BufferAllocator allocator);
}
