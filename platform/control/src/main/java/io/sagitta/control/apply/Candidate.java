package io.sagitta.control.apply;

import io.sagitta.definition.DefinitionHash;
import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.Locations;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Problem;
import io.sagitta.definition.ReadResult;
import io.sagitta.engine.Plan;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A definition that was found valid and could run, with its plan. */
final class Candidate {
  private final String text;
  private final String environment;
  private final Locations locations;
  private final Plan plan;

  private Candidate(String text, String environment, Locations locations, Plan plan) {
    this.text = text;
    this.environment = environment;
    this.locations = locations;
    this.plan = plan;
  }

  /** What reading and planning gave: a candidate, or at least one error. */
  record Outcome(Optional<Candidate> candidate, List<Problem> problems) {
    Outcome {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads and plans a definition.
   *
   * @param file how the user calls the file, for messages
   * @param environment text of the overlay, or empty
   */
  static Outcome read(String file, String text, String environmentFile, String environment) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ReadResult read =
        environment.isEmpty()
            ? DefinitionReader.read(file, utf8)
            : DefinitionReader.read(
                file, utf8, environmentFile, environment.getBytes(StandardCharsets.UTF_8));
    List<Problem> problems = new ArrayList<>(read.problems());
    Optional<Plan> plan = Optional.empty();
    if (read.definition().isPresent()) {
      PlanResult planned = new Planner().plan(read.definition().get(), read.locations());
      plan = planned.plan();
      problems.addAll(planned.problems());
    }
    return new Outcome(
        plan.map(p -> new Candidate(text, environment, read.locations(), p)), problems);
  }

  String text() {
    return text;
  }

  String environment() {
    return environment;
  }

  Locations locations() {
    return locations;
  }

  Plan plan() {
    return plan;
  }

  PipelineDefinition definition() {
    return plan.definition();
  }

  PipelineId id() {
    return new PipelineId(definition().metadata().tenant(), definition().metadata().name());
  }

  /** Returns the fingerprint of what the definition means. */
  String hash() {
    return DefinitionHash.of(definition());
  }

  /**
   * Reads {@code deployment} again.
   *
   * @throws io.sagitta.service.ProblemException if this version of Sagitta refuses it
   */
  static Candidate of(Deployment deployment) {
    String file = deployment.id() + ", revision " + deployment.revision();
    Outcome outcome = read(file, deployment.definition(), file + ", env", deployment.env());
    return outcome
        .candidate()
        .orElseThrow(
            () -> Refusals.invalid(ProblemLine.of(outcome.problems(), Problem.Severity.ERROR)));
  }
}
