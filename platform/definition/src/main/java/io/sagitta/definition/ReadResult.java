package io.sagitta.definition;

import java.util.List;
import java.util.Optional;

/**
 * What reading a definition gave: the definition, or at least one error; and all problems.
 *
 * @param locations where each value stands, also when there were errors
 */
public record ReadResult(
    Optional<PipelineDefinition> definition, Locations locations, List<Problem> problems) {
  public ReadResult {
    problems = List.copyOf(problems);
  }
}
