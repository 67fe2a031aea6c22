package io.sagitta.definition;

import java.time.Duration;
import java.util.List;

/**
 * Drops rows whose key was seen before.
 *
 * @param key columns that make two rows the same
 * @param within how far behind the watermark, in event time, a key is remembered after it was last
 *     seen
 */
public record DedupeStage(List<String> inputs, List<String> key, Duration within) implements Stage {
  public DedupeStage {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
  }
}
