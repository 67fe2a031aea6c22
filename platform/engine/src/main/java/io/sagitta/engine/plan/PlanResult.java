package io.sagitta.engine.plan;

import io.sagitta.definition.Problem;
import io.sagitta.engine.Plan;
import java.util.List;
import java.util.Optional;

/** What planning gave: the plan, or all problems in the order of the file. */
public record PlanResult(Optional<Plan> plan, List<Problem> problems) {
  public PlanResult {
    problems = List.copyOf(problems);
  }
}
