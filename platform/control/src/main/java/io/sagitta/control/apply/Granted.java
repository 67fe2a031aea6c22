package io.sagitta.control.apply;

import io.sagitta.connectors.Reach;
import io.sagitta.definition.Problem;
import io.sagitta.policy.DefinitionRequests;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Resource;
import io.sagitta.transport.PipelineId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the policy in force grants to definitions, and lets control itself reach for them.
 *
 * @param policy gives the one of the moment
 * @param data where relative paths start
 */
public record Granted(Supplier<Optional<Policy>> policy, Path data) {

  /** Returns what {@code candidate} asks and is not granted, each with the rule that would. */
  List<Problem> problems(Candidate candidate) {
    return policy
        .get()
        .map(p -> DefinitionRequests.ungranted(p, candidate.definition(), candidate.locations()))
        .orElse(List.of());
  }

  /** Returns what {@code pipeline} may reach. */
  Reach reach(PipelineId pipeline) {
    return Reach.of(data, new Resource.Pipeline(pipeline.tenant(), pipeline.name()), policy);
  }
}
