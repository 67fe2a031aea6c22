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
import io.sagitta.transport.StreamVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** Sets what is asked for against what runs. */
public final class Planning {
  private final DesiredState desired;
  private final Plans plans;
  private final Provisioner provisioner;
  private final ForeignTopics foreign;
  private final Granted granted;

  /** Creates one. */
  public Planning(DesiredState desired, Plans plans, Provisioner provisioner, Granted granted) {
    this.desired = desired;
    this.plans = plans;
    this.provisioner = provisioner;
    this.foreign = new ForeignTopics(provisioner);
    this.granted = granted;
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
    List<Change> changes =
        new ArrayList<>(Comparison.of(runningPlan.map(p -> p.definition().spec()), spec));
    changes.addAll(newVersions(candidate));
    boolean unchanged = running.map(r -> r.hash().equals(candidate.hash())).orElse(false);
    List<Problem> refusals = new ArrayList<>(platformProblems(candidate));
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

  /** Returns what the streams of {@code candidate} look like once it is applied. */
  Map<String, StreamVersion> streams(Candidate candidate) {
    return StreamVersions.after(published(candidate.id()), candidate.plan());
  }

  private Map<String, StreamVersion> published(PipelineId pipeline) {
    return desired
        .get(pipeline)
        .map(running -> StreamVersions.of(running, plans.of(running)))
        .orElse(Map.of());
  }

  private List<Change> newVersions(Candidate candidate) {
    Map<String, StreamVersion> before = published(candidate.id());
    List<Change> changes = new ArrayList<>();
    streams(candidate)
        .forEach(
            (name, stream) -> {
              if (before.containsKey(name) && before.get(name).version() < stream.version()) {
                changes.add(
                    new Change(
                        "stream",
                        name,
                        Change.Action.CHANGE,
                        Change.State.NONE,
                        "its columns change: version " + stream.version()));
              }
            });
    return changes;
  }

  /** What no file alone can tell: modes that nodes do not run, streams of others, and grants. */
  private List<Problem> platformProblems(Candidate candidate) {
    Locations locations = candidate.locations();
    Spec spec = candidate.definition().spec();
    List<Problem> problems = new ArrayList<>();
    if (spec.mode() == Spec.Mode.BATCH) {
      problems.add(
          locations.error(
              "spec.mode",
              "nodes run streaming pipelines only; run this one with 'sagitta run FILE'"));
    }
    problems.addAll(granted.problems(candidate));
    StreamReaders readers = new StreamReaders(desired.all(), plans);
    problems.addAll(readers.lacking(candidate.id(), spec, locations));
    problems.addAll(foreign.problems(spec, locations));
    problems.addAll(readers.broken(candidate.id(), streams(candidate), locations));
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
