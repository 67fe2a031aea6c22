package io.sagitta.engine.run;

import io.sagitta.definition.DataType;
import io.sagitta.definition.DataType.Kind;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Field;
import io.sagitta.definition.HttpSource;
import io.sagitta.definition.Locations;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Schema;
import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Stage;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Definitions in which some stages are sources of the same columns. */
final class GivenStages {
  private GivenStages() {}

  /** Returns the plan of the definition in which the rows of {@code stages} come from outside. */
  static Plan asSources(Plan plan, Set<String> stages) {
    Spec spec = plan.definition().spec();
    Map<String, Source> sources = new LinkedHashMap<>(spec.sources());
    Map<String, Stage> rest = new LinkedHashMap<>(spec.stages());
    for (String stage : stages) {
      rest.remove(stage);
      EventTime time = new EventTime(WireSchemas.EVENT_TIME, Duration.ZERO, Optional.empty());
      sources.put(
          stage, new HttpSource(declared(plan.schema(stage)), Optional.of(time), List.of()));
    }
    Spec changed =
        new Spec(
            spec.mode(),
            spec.priority(),
            spec.pool(),
            spec.parallelism(),
            spec.params(),
            sources,
            spec.tables(),
            rest,
            spec.sinks(),
            spec.streams(),
            spec.errors(),
            spec.sla(),
            spec.schedule());
    PlanResult planned =
        new Planner()
            .plan(
                new PipelineDefinition(
                    plan.definition().metadata(), changed, plan.definition().tests()),
                new Locations("tests", Map.of()));
    return planned
        .plan()
        .orElseThrow(
            () ->
                new EngineException(
                    String.join(", ", stages), "its rows cannot be given: " + planned.problems()));
  }

  private static Schema declared(org.apache.arrow.vector.types.pojo.Schema columns) {
    return new Schema(
        columns.getFields().stream()
            .map(
                field ->
                    new Field(
                        field.getName(),
                        type(field),
                        Optional.ofNullable(field.getMetadata().get(WireSchemas.UNIT)),
                        false,
                        false))
            .toList());
  }

  private static DataType type(org.apache.arrow.vector.types.pojo.Field field) {
    ArrowType type = field.getType();
    if (type instanceof ArrowType.Bool) {
      return DataType.of(Kind.BOOLEAN);
    } else if (type instanceof ArrowType.Int integer) {
      return DataType.of(
          switch (integer.getBitWidth()) {
            case 8 -> Kind.INT8;
            case 16 -> Kind.INT16;
            case 32 -> Kind.INT32;
            default -> Kind.INT64;
          });
    } else if (type instanceof ArrowType.FloatingPoint real) {
      boolean isSingle = real.getPrecision() == FloatingPointPrecision.SINGLE;
      return DataType.of(isSingle ? Kind.FLOAT : Kind.DOUBLE);
    } else if (type instanceof ArrowType.Decimal decimal) {
      return new DataType(Kind.DECIMAL, decimal.getPrecision(), decimal.getScale());
    } else if (type instanceof ArrowType.Utf8) {
      return DataType.of(Kind.STRING);
    } else if (type instanceof ArrowType.Binary) {
      return DataType.of(Kind.BINARY);
    } else if (type instanceof ArrowType.Date) {
      return DataType.of(Kind.DATE);
    } else if (type instanceof ArrowType.Timestamp) {
      return DataType.of(Kind.TIMESTAMP);
    }
    throw new EngineException(field.getName(), "values of " + type + " cannot be given");
  }
}
