package io.sagitta.node;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.HttpSource;
import io.sagitta.definition.JdbcSink;
import io.sagitta.definition.Problem;
import io.sagitta.definition.ReadResult;
import io.sagitta.definition.Sink;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import io.sagitta.node.feed.FeedSpec;
import io.sagitta.node.task.TaskId;
import io.sagitta.node.task.TaskSpec;
import io.sagitta.service.Secrets;
import io.sagitta.transport.Deployment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A deployment, planned by this node's own engine. */
record PlannedDeployment(Deployment deployment, Plan plan) {

  /**
   * Plans {@code deployment}.
   *
   * @throws IllegalArgumentException if this node's version refuses what control accepted
   */
  static PlannedDeployment of(Deployment deployment) {
    ReadResult read = read(deployment);
    if (read.definition().isEmpty()) {
      throw refused(deployment, read.problems());
    }
    PlanResult planned = new Planner().plan(read.definition().get(), read.locations());
    Optional<Plan> plan = planned.plan();
    if (plan.isEmpty()) {
      throw refused(deployment, planned.problems());
    }
    return new PlannedDeployment(deployment, plan.get());
  }

  private static ReadResult read(Deployment deployment) {
    String file = deployment.id() + ".yaml";
    byte[] text = deployment.definition().getBytes(StandardCharsets.UTF_8);
    return deployment.env().isEmpty()
        ? DefinitionReader.read(file, text)
        : DefinitionReader.read(
            file, text, "env.yaml", deployment.env().getBytes(StandardCharsets.UTF_8));
  }

  private static IllegalArgumentException refused(Deployment deployment, List<Problem> problems) {
    return new IllegalArgumentException(
        "This node cannot run revision "
            + deployment.revision()
            + " of "
            + deployment.id()
            + ": "
            + problems);
  }

  /** Returns all tasks, of all partitions of all chains. */
  List<TaskSpec> tasks() {
    return tasks(plan.definition().spec().sinks());
  }

  /**
   * Returns all tasks, to finish steps that this revision left to {@code later}: sinks that both
   * have are reached as the later one says, since this one's access may be what was mended.
   */
  List<TaskSpec> tasksBefore(PlannedDeployment later) {
    Map<String, Sink> reached = later.plan().definition().spec().sinks();
    Map<String, Sink> sinks = new HashMap<>();
    plan.definition()
        .spec()
        .sinks()
        .forEach((name, sink) -> sinks.put(name, reached(sink, reached.getOrDefault(name, sink))));
    return tasks(sinks);
  }

  private static Sink reached(Sink sink, Sink later) {
    return sink instanceof JdbcSink old
            && later instanceof JdbcSink now
            && old.table().equals(now.table())
        ? new JdbcSink(old.inputs(), now.url(), now.user(), now.password(), old.table(), old.key())
        : sink;
  }

  private List<TaskSpec> tasks(Map<String, Sink> declared) {
    Map<String, Sink> sinks = new HashMap<>();
    declared.forEach((name, sink) -> sinks.put(name, withCredentials(sink)));
    List<TaskSpec> tasks = new ArrayList<>();
    for (Chain chain : plan.chains()) {
      for (int partition = 0; partition < plan.definition().spec().parallelism(); partition++) {
        tasks.add(
            new TaskSpec(
                new TaskId(deployment.id(), chain.name(), partition),
                deployment.revision(),
                plan,
                chain,
                sinks,
                deployment.tables()));
      }
    }
    return tasks;
  }

  /** Returns all feeds, one of each pull source. */
  List<FeedSpec> feeds() {
    List<FeedSpec> feeds = new ArrayList<>();
    plan.definition()
        .spec()
        .sources()
        .forEach(
            (name, source) -> {
              if (!(source instanceof HttpSource)) {
                feeds.add(
                    new FeedSpec(
                        deployment.id(),
                        name,
                        source,
                        WireSchemas.of(source),
                        plan.definition().spec().parallelism()));
              }
            });
    return feeds;
  }

  private static Sink withCredentials(Sink sink) {
    if (sink instanceof JdbcSink jdbc) {
      return new JdbcSink(
          jdbc.inputs(),
          jdbc.url(),
          jdbc.user().map(Secrets::resolve),
          jdbc.password().map(Secrets::resolve),
          jdbc.table(),
          jdbc.key());
    }
    return sink;
  }
}
