package io.sagitta.control.apply;

import io.sagitta.control.grants.GrantKeeper;
import io.sagitta.definition.Spec;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import java.util.Optional;

/** What is there in Pulsar for a pipeline: its topics, and who may reach them. */
final class Provisioning {
  private final Provisioner provisioner;
  private final ForeignTopics foreign;
  private final Plans plans;
  private final Optional<GrantKeeper> grants;

  /**
   * Creates one.
   *
   * @param grants empty if Pulsar lets everybody in
   */
  Provisioning(Provisioner provisioner, Plans plans, Optional<GrantKeeper> grants) {
    this.provisioner = provisioner;
    this.foreign = new ForeignTopics(provisioner);
    this.plans = plans;
    this.grants = grants;
  }

  /** Creates what {@code candidate} needs, as far as it is not there. */
  void provide(Candidate candidate, Optional<Deployment> running) {
    PipelineId pipeline = candidate.id();
    Spec spec = candidate.definition().spec();
    Topology topology = Topology.of(pipeline, candidate.plan(), foreign::feeders);
    provisioner.ensurePipeline(pipeline, topology.retain());
    for (Topology.Topic topic : topology.topics()) {
      if (topic.grows()) {
        provisioner.growTopic(topic.name(), topic.partitions());
      }
      provisioner.ensureTopic(topic.name(), topic.partitions());
      if (topic.held()) {
        provisioner.ensureSubscription(topic.name());
      }
    }
    foreign.createSinks(spec);
    grants.ifPresent(
        keeper -> keeper.follow(pipeline, running.flatMap(this::spec), Optional.of(spec)));
  }

  /** Removes all that was there for {@code gone}, which runs no more. */
  void remove(Deployment gone) {
    PipelineId pipeline = gone.id();
    Optional<Spec> spec = spec(gone);
    spec.ifPresent(s -> foreign.release(pipeline, s));
    provisioner.deletePipeline(pipeline);
    grants.ifPresent(keeper -> keeper.follow(pipeline, spec, Optional.empty()));
  }

  private Optional<Spec> spec(Deployment deployment) {
    return plans.of(deployment).map(plan -> plan.definition().spec());
  }
}
