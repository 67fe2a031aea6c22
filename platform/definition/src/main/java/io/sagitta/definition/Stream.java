package io.sagitta.definition;

import java.time.Duration;
import java.util.List;

/**
 * A result that readers outside the pipeline can ask for.
 *
 * @param key columns by which readers look up the latest row
 * @param retain for how long rows can be read again
 * @param compatibility what a later revision may change
 * @param readers roles that ask to read it; security grants
 */
public record Stream(
    List<String> inputs,
    List<String> key,
    Duration retain,
    Compatibility compatibility,
    List<String> readers) {
  public Stream {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
    readers = List.copyOf(readers);
  }

  /** What a later revision may change in a stream's schema. */
  public enum Compatibility {
    NONE,
    BACKWARD
  }
}
