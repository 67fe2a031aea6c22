package io.sagitta.engine.plan;

import io.sagitta.definition.Locations;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.engine.Plan;
import java.util.Optional;

/**
 * Plans definitions: binds their SQL to the declared columns in an engine of its own, and cuts the
 * stages into chains. Thread-safe; every call opens and closes its own engine.
 */
public final class Planner {

  /**
   * Plans {@code definition}, which its reader found good as far as that goes without SQL.
   *
   * @param locations where its values stand, for messages
   * @return the plan, or every problem found
   */
  public PlanResult plan(PipelineDefinition definition, Locations locations) {
    Findings findings = new Findings(locations);
    try (Sandbox sandbox = new Sandbox()) {
      Relations relations = new Relations(definition.spec());
      DeclaredUnits.check(definition.spec(), findings);
      new StagePlanner(definition.spec(), relations, sandbox, findings).planAll();
      new OutletCheck(definition.spec(), relations, findings).check();
      Optional<Plan> plan =
          findings.any()
              ? Optional.empty()
              : Optional.of(
                  new Plan(
                      definition,
                      ChainCutter.cut(definition.spec()),
                      relations.schemas(),
                      relations.queries()));
      return new PlanResult(plan, findings.inOrder());
    }
  }
}
