package io.sagitta.engine.run;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.ReadResult;
import io.sagitta.engine.Plan;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import java.nio.charset.StandardCharsets;

/** Plans of pipelines written as YAML. */
final class Pipelines {
  static final String FLIGHTS =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: flights, tenant: aviation}
      spec:
        mode: streaming
        sources:
          flights:
            type: http
            schema:
              date: {type: timestamp}
              delay: {type: int32, unit: min}
              distance: {type: int32, unit: mi}
              origin: {type: string, required: true}
              destination: {type: string, required: true}
            event_time: {field: date, max_lateness: 1m}
            key: [destination]
      """;

  private Pipelines() {}

  /** Plans flights with {@code rest}, whose lines are indented like {@code sources}. */
  static Plan flights(String rest) {
    return plan(FLIGHTS + rest.indent(2));
  }

  static Plan plan(String yaml) {
    ReadResult read = DefinitionReader.read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    if (read.definition().isEmpty()) {
      throw new AssertionError(read.problems().toString());
    }
    PlanResult planned = new Planner().plan(read.definition().get(), read.locations());
    return planned.plan().orElseThrow(() -> new AssertionError(planned.problems().toString()));
  }
}
