package io.sagitta.engine.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.Problem;
import io.sagitta.definition.ReadResult;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  @Test
  void plan_designExample_isCutIntoThreeChains() throws IOException {
    ReadResult read = DefinitionReader.read("flights.yaml", resource("flights-on-time.yaml"));
    PlanResult result = new Planner().plan(read.definition().orElseThrow(), read.locations());
    assertThat(result.problems()).isEmpty();
    Plan plan = result.plan().orElseThrow();
    assertThat(plan.chains())
        .extracting(Chain::name)
        .containsExactly("flights", "once", "by_airport");
    assertThat(plan.chain("by_airport").orElseThrow().rowLocal()).containsExactly("named");
    assertThat(plan.chain("once").orElseThrow().outputs())
        .containsExactly(
            new Chain.Output.ToExchange("once", "by_airport", List.of("origin")),
            new Chain.Output.ToSink("once", "lake"));
    assertThat(plan.chain("by_airport").orElseThrow().outputs())
        .containsExactly(
            new Chain.Output.ToStream("named", "punctuality"),
            new Chain.Output.ToSink("named", "board"));
    assertThat(columns(plan, "named"))
        .containsExactly(
            "origin string",
            "flights int64",
            "mean_delay double s",
            "p99_delay double s",
            "window_start timestamp",
            "window_end timestamp",
            "event_time timestamp",
            "name string");
    assertThat(ChainText.of(plan.chains().get(0)))
        .isEqualTo("source flights, then clean; to once by origin, destination, date");
  }

  @Test
  void plan_mistakesInAFile_arePointedAtToTheLetter() throws IOException {
    String text =
        new String(resource("flights-on-time.yaml"), UTF_8)
            .replace("quantile_cont(delay, 0.99)", "quantile_cont(dely, 0.99)")
            .replace("distance > 0 ", "distnce > 0 ")
            .replace("a.iata = b.origin", "a.name = b.origin")
            .replace("{distance: km, delay: s}", "{distance: km, delay: °F}");
    ReadResult read = DefinitionReader.read("flights.yaml", text.getBytes(UTF_8));
    PlanResult result = new Planner().plan(read.definition().orElseThrow(), read.locations());
    assertThat(result.plan()).isEmpty();
    assertThat(result.problems())
        .extracting(Problem::toString)
        .containsExactly(
            place(text, "°F}")
                + "column 'delay' is in min, a time, and °F is a temperature. Name a unit of time",
            place(text, "distnce > 0 ") + "unknown column 'distnce'. Did you mean 'distance'?");
  }

  @Test
  void plan_mistakesInQueries_arePointedAtToTheLetter() throws IOException {
    String text =
        new String(resource("flights-on-time.yaml"), UTF_8)
            .replace("quantile_cont(delay, 0.99)", "quantile_cont(dely, 0.99)");
    ReadResult read = DefinitionReader.read("flights.yaml", text.getBytes(UTF_8));
    PlanResult result = new Planner().plan(read.definition().orElseThrow(), read.locations());
    assertThat(result.problems())
        .extracting(Problem::toString)
        .containsExactly(place(text, "dely") + "unknown column 'dely'. Did you mean 'delay'?");
  }

  @Test
  void plan_tenStages_isOneChain() {
    Definitions definitions = Definitions.flights();
    String input = "flights";
    for (int i = 0; i < 10; i++) {
      definitions.sql(
          "s" + i,
          input,
          "SELECT f.* FROM "
              + input
              + " f LEFT JOIN airports a ON a.iata = f.origin WHERE delay > 0");
      input = "s" + i;
    }
    definitions.stream("out", List.of(input));
    Plan plan = accepted(definitions);
    assertThat(plan.chains()).hasSize(1);
    assertThat(plan.chains().get(0).rowLocal()).hasSize(10);
  }

  private static String place(String text, String part) {
    int at = text.indexOf(part);
    int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    return "flights.yaml:" + line + ":" + (at - text.lastIndexOf('\n', at)) + ": ";
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PlannerTest.class.getResourceAsStream("/plan/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
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
