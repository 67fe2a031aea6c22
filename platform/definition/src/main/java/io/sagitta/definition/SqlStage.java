package io.sagitta.definition;

import java.util.List;
import java.util.Optional;

/**
 * One SELECT over the inputs and tables. Without a window it is row-local and has one input.
 *
 * @param key rows with one key meet in one task; empty with a window means one task
 * @param window which rows the query sees at once; empty if it is row-local
 */
public record SqlStage(List<String> inputs, List<String> key, Optional<Window> window, String query)
    implements Stage {
  public SqlStage {
    inputs = List.copyOf(inputs);
    key = List.copyOf(key);
  }
}
