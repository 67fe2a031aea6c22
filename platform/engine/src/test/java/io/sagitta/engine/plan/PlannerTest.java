package io.sagitta.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class PlannerTest {

  @Test
  void plan_cleanThenWindow_cutsAtTheWindow() {
    Plan plan =
        accepted(
            Definitions.flights()
                .clean(
                    "clean",
                    "flights",
                    Map.of("distance", "km"),
                    Map.of("distance is positive", "distance > 0"))
                .windowed(
                    "by_airport",
                    List.of("clean"),
                    List.of("origin"),
                    "SELECT origin, count(*) AS flights, sum(delay) AS delay FROM clean GROUP BY"
                        + " origin")
                .stream("punctuality", List.of("by_airport"), "origin"));
    assertThat(plan.chains())
        .containsExactly(
            new Chain(
                new Chain.Head.OfSource("flights"),
                List.of("clean"),
                List.of(new Chain.Output.ToExchange("clean", "by_airport", List.of("origin"))),
                Set.of()),
            new Chain(
                new Chain.Head.OfStage("by_airport"),
                List.of(),
                List.of(new Chain.Output.ToStream("by_airport", "punctuality")),
                Set.of("flights")));
    assertThat(columns(plan, "clean"))
        .containsExactly(
            "date timestamp",
            "delay int32 min",
            "distance double km",
            "origin string",
            "destination string",
            "event_time timestamp");
    assertThat(columns(plan, "by_airport"))
        .containsExactly(
            "origin string",
            "flights int64",
            "delay int64 min",
            "window_start timestamp",
            "window_end timestamp",
            "event_time timestamp");
  }

  static Plan accepted(Definitions definitions) {
    PlanResult result = definitions.plan();
    assertThat(result.problems()).isEmpty();
    return result.plan().orElseThrow();
  }

  static List<String> columns(Plan plan, String name) {
    Schema schema = plan.schema(name);
    return schema.getFields().stream().map(PlannerTest::text).toList();
  }

  private static String text(Field field) {
    String unit = field.getMetadata().get(WireSchemas.UNIT);
    String secret = field.getMetadata().containsKey(WireSchemas.SENSITIVE) ? " !" : "";
    return field.getName()
        + " "
        + ColumnTypes.of(field.getType()).orElseThrow()
        + (unit == null ? "" : " " + unit)
        + secret;
  }
}
