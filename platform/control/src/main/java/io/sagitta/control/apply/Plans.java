package io.sagitta.control.apply;

import io.sagitta.definition.Spec;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans of deployed revisions, each made once. Thread-safe. */
public final class Plans {
  private static final Logger LOG = LoggerFactory.getLogger(Plans.class);

  private final Map<String, Planned> newest = new ConcurrentHashMap<>();

  private record Planned(String key, Optional<Plan> plan) {}

  /** Returns the plan of {@code deployment}; empty if this version of Sagitta refuses it. */
  public Optional<Plan> of(Deployment deployment) {
    String key = deployment.revision() + " " + deployment.hash();
    return newest
        .compute(
            deployment.id().toString(),
            (id, known) ->
                known != null && known.key().equals(key)
                    ? known
                    : new Planned(key, plan(deployment)))
        .plan();
  }

  /** Returns what each of {@code deployments} is, as far as this version of Sagitta can read it. */
  public Map<PipelineId, Spec> specs(Collection<Deployment> deployments) {
    Map<PipelineId, Spec> specs = new HashMap<>();
    for (Deployment deployment : deployments) {
      of(deployment).ifPresent(plan -> specs.put(deployment.id(), plan.definition().spec()));
    }
    return specs;
  }

  private static Optional<Plan> plan(Deployment deployment) {
    Candidate.Outcome outcome =
        Candidate.read(
            deployment.id() + ".yaml", deployment.definition(), "env.yaml", deployment.env());
    if (outcome.candidate().isEmpty()) {
      LOG.warn(
          "Cannot plan pipeline={} revision={}: {}",
          deployment.id(),
          deployment.revision(),
          outcome.problems());
    }
    return outcome.candidate().map(Candidate::plan);
  }
}
