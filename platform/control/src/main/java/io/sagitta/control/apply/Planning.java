package io.sagitta.control.apply;

import io.sagitta.connectors.SinkConnector;
import io.sagitta.control.desired.DesiredState;
import io.sagitta.definition.Locations;
import io.sagitta.definition.Problem;
import io.sagitta.definition.PulsarSink;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Spec;
import io.sagitta.engine.Plan;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** Sets what is asked for against what runs. */
public final class Planning {
  private final DesiredState desired;
  private final Plans plans;
  private final Provisioner provisioner;
  private final ForeignTopics foreign;

  /** Creates one. */
  public Planning(DesiredState desired, Plans plans, Provisioner provisioner) {
    this.desired = desired;
    this.plans = plans;
    this.provisioner = provisioner;
    this.foreign = new ForeignTopics(provisioner);
  }

  /**
   * Returns what {@link Applier#apply} would do with {@code request}.
   *
   * @throws io.sagitta.service.ProblemException if the definition has errors
   */
  public PlanReport plan(ApplyRequest request) {
    Reading reading = read(request);
    return report(reading.candidate(), reading.warnings());
  }

  /** A valid definition and what is odd about it. */
  record Reading(Candidate candidate, List<ProblemLine> warnings) {}

  Reading read(ApplyRequest request) {
    Candidate.Outcome outcome =
        Candidate.read(request.file(), request.definition(), request.envFile(), request.env());
    Candidate candidate =
        outcome
            .candidate()
            .orElseThrow(
                () -> Refusals.invalid(ProblemLine.of(outcome.problems(), Problem.Severity.ERROR)));
    return new Reading(candidate, ProblemLine.of(outcome.problems(), Problem.Severity.WARNING));
  }

  PlanReport report(Candidate candidate, List<ProblemLine> warnings) {
    PipelineId pipeline = candidate.id();
    Optional<Deployment> running = desired.get(pipeline);
    Optional<Plan> runningPlan = running.flatMap(plans::of);
    Spec spec = candidate.definition().spec();
    List<Change> changes = Comparison.of(runningPlan.map(p -> p.definition().spec()), spec);
    boolean unchanged = running.map(r -> r.hash().equals(candidate.hash())).orElse(false);
    List<Problem> refusals = new ArrayList<>(platformProblems(candidate, runningPlan));
    runningPlan.ifPresent(
        p -> refusals.addAll(Compatibility.problems(p, candidate.plan(), candidate.locations())));
    return new PlanReport(
        pipeline.tenant(),
        pipeline.name(),
        running.map(Deployment::revision).orElse(0L),
        unchanged,
        changes,
        newTopics(pipeline, candidate.plan()),
        promises(spec),
        ProblemLine.of(refusals, Problem.Severity.ERROR),
        warnings);
  }

  /** What no file alone can tell: modes that nodes do not run, and streams of others. */
  private List<Problem> platformProblems(Candidate candidate, Optional<Plan> running) {
    Locations locations = candidate.locations();
    Spec spec = candidate.definition().spec();
    List<Problem> problems = new ArrayList<>();
    if (spec.mode() == Spec.Mode.BATCH) {
      problems.add(
          locations.error(
              "spec.mode",
              "nodes run streaming pipelines only; run this one with 'sagitta run FILE'"));
    }
    StreamReaders readers = new StreamReaders(desired.all(), plans);
    for (String source : readers.missing(spec)) {
      problems.add(
          locations.error(
              "spec.sources." + source + ".stream",
              "nobody publishes this stream; apply its pipeline first"));
    }
    problems.addAll(foreign.problems(spec, locations));
    running.ifPresent(
        r -> {
          Set<String> gone = new HashSet<>(r.definition().spec().streams().keySet());
          gone.removeAll(spec.streams().keySet());
          for (String reader : readers.of(candidate.id(), Optional.of(gone))) {
            problems.add(locations.error("spec.streams", "a stream in use cannot go: " + reader));
          }
        });
    return problems;
  }

  private List<PlanReport.NewTopic> newTopics(PipelineId pipeline, Plan plan) {
    Set<String> there = new HashSet<>(provisioner.topics(pipeline));
    return Topology.of(pipeline, plan, foreign::feeders).topics().stream()
        .filter(t -> !there.contains(t.name()))
        .map(t -> new PlanReport.NewTopic(t.name(), t.partitions()))
        .toList();
  }

  private List<PlanReport.SinkPromise> promises(Spec spec) {
    List<PlanReport.SinkPromise> promises = new ArrayList<>();
    spec.sinks()
        .forEach((name, sink) -> promises.add(new PlanReport.SinkPromise(name, promise(sink))));
    return promises;
  }

  private String promise(Sink sink) {
    if (sink instanceof PulsarSink pulsar) {
      return foreign.guarantee(pulsar).name();
    }
    for (SinkConnector connector : ServiceLoader.load(SinkConnector.class)) {
      if (connector.serves(sink)) {
        return connector.guarantee().name();
      }
    }
    // Whoever delivers it, nothing here says that it does so once.
    return SinkConnector.Guarantee.AT_LEAST_ONCE.name();
  }
}
