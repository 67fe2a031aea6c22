package io.sagitta.cli;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.Locations;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Problem;
import io.sagitta.definition.ReadResult;
import io.sagitta.engine.Plan;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline file, read and planned: its plan, or at least one error; and all problems.
 *
 * @param plan holds the definition
 */
record CheckedDefinition(
    DefinitionFile file, Locations locations, Optional<Plan> plan, List<Problem> problems) {
  CheckedDefinition {
    problems = List.copyOf(problems);
  }

  /** Reads and plans {@code files}; two that define one pipeline are an error too. */
  static List<CheckedDefinition> check(List<DefinitionFile> files) {
    List<CheckedDefinition> checked = new ArrayList<>();
    Map<String, DefinitionFile> byPipeline = new HashMap<>();
    Planner planner = new Planner();
    for (DefinitionFile file : files) {
      CheckedDefinition one = check(planner, file);
      Optional<String> pipeline = one.plan().map(p -> p.definition().metadata().id());
      Optional<DefinitionFile> other =
          pipeline.flatMap(id -> Optional.ofNullable(byPipeline.putIfAbsent(id, file)));
      checked.add(other.isPresent() ? one.refused(pipeline.orElseThrow(), other.get()) : one);
    }
    return checked;
  }

  private static CheckedDefinition check(Planner planner, DefinitionFile file) {
    ReadResult read = read(file);
    List<Problem> problems = new ArrayList<>(read.problems());
    Optional<Plan> plan = Optional.empty();
    if (read.definition().isPresent()) {
      PlanResult planned = planner.plan(read.definition().get(), read.locations());
      plan = planned.plan();
      problems.addAll(planned.problems());
    }
    return new CheckedDefinition(file, read.locations(), plan, problems);
  }

  private static ReadResult read(DefinitionFile file) {
    String name = file.path().toString();
    return file.environment()
        .map(
            env ->
                DefinitionReader.read(
                    name, file.definition().bytes(), env.path().toString(), env.bytes()))
        .orElseGet(() -> DefinitionReader.read(name, file.definition().bytes()));
  }

  private CheckedDefinition refused(String pipeline, DefinitionFile other) {
    List<Problem> all = new ArrayList<>(problems);
    all.add(
        locations.error(
            "metadata.name",
            other.path() + " defines " + pipeline + " too; give one of them another name"));
    return new CheckedDefinition(file, locations, Optional.empty(), all);
  }

  /** Returns the definition, which is there if there is no error. */
  PipelineDefinition definition() {
    return plan.map(Plan::definition).orElseThrow();
  }
}
