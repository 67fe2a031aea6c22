package io.sagitta.policy;

import io.sagitta.definition.Problem;
import java.util.List;
import java.util.Optional;

/** What reading the files gave: the policy, or at least one error; and all problems. */
public record PolicyResult(Optional<Policy> policy, List<Problem> problems) {
  public PolicyResult {
    problems = List.copyOf(problems);
  }
}
