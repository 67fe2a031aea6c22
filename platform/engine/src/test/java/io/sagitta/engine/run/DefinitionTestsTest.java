package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionTestsTest {
  private static final String STAGES =
      """
      tables:
        airports:
          type: file
          path: airports.csv
          format: csv
          key: [iata]
          schema: {iata: {type: string, required: true}, city: {type: string}}
      stages:
        clean:
          type: clean
          inputs: [flights]
          units: {distance: km, delay: s}
          expect: {distance is positive: distance > 0}
        once: {type: dedupe, inputs: [clean], key: [origin, destination, date], within: 1h}
        by_airport:
          type: sql
          inputs: [once]
          key: [origin]
          window: {tumbling: 1h}
          query: SELECT origin, count(*) AS flights, avg(delay) AS mean FROM once GROUP BY origin
        named:
          type: sql
          inputs: [by_airport]
          query: SELECT b.*, a.city FROM by_airport b LEFT JOIN airports a ON a.iata = b.origin
      streams:
        out: {inputs: [named]}
      """;

  private final Path scratch;

  DefinitionTestsTest(@TempDir Path scratch) {
    this.scratch = scratch;
  }

  private List<DefinitionTests.Outcome> run(String tests) {
    Plan plan = Pipelines.plan(Pipelines.FLIGHTS + STAGES.indent(2) + "tests:\n" + tests.indent(2));
    try (BufferAllocator allocator = new RootAllocator();
        Engine engine = new DuckEngine(256L << 20)) {
      return new DefinitionTests(engine, allocator, scratch).run(plan, Map.of());
    }
  }

  @Test
  void run_asExpected_passes() {
    List<DefinitionTests.Outcome> outcomes =
        run(
            """
            - name: from source to stream
              given:
                - airports: [{iata: LAS, city: Las Vegas}]
                - flights:
                  - {date: "2001-01-01T00:01:00Z", delay: 33, distance: 2176, origin: LAS, destination: PHL}
                  - {date: "2001-01-01T00:01:00Z", delay: 33, distance: 2176, origin: LAS, destination: PHL}
                  - {date: "2001-01-01T00:02:00Z", delay: 1, distance: -1, origin: LAS, destination: PHL}
                  - {date: "2001-01-01T00:03:00Z", delay: x, distance: 1, origin: LAS, destination: PHL}
                - flights:
                  - {date: "2001-01-01T04:01:00Z", delay: 5, distance: 10, origin: PHX, destination: PHL}
                - flights:
                  - {date: "2001-01-01T00:59:00Z", delay: 5, distance: 10, origin: PHX, destination: PHL}
              expect:
                clean:
                  - {distance: 3501.932544, delay: 1980}
                  - {distance: 3501.932544, delay: 1980, date: "2001-01-01 00:01:00+00:00"}
                  - {origin: PHX, date: "2001-01-01T04:01:00Z"}
                  - {origin: PHX, delay: 300}
                out:
                  - {origin: PHX, city: null, window_start: "2001-01-01T04:00:00Z"}
                  - {origin: LAS, city: Las Vegas, flights: 1, mean: 1980, window_end: "2001-01-01T01:00:00Z"}
                late:
                  - {stage: once, reason: late, origin: PHX}
                quarantined:
                  - {stage: clean, reason: distance is positive, distance: -1}
                  - {stage: flights, reason: wrong_type}
            - name: a stage given
              given:
                - by_airport: [{origin: LAS, flights: 7, mean: 0.5, event_time: "2001-01-01T01:00:00Z"}]
              expect:
                named: [{origin: LAS, flights: 7, city: null}]
            """);

    assertThat(outcomes).allSatisfy(o -> assertThat(o.differences()).isEmpty()).hasSize(2);
  }

  @Test
  void run_otherThanExpected_namesRowColumnAndValues() {
    List<DefinitionTests.Outcome> outcomes =
        run(
            """
            - name: wrong
              given:
                flights:
                  - {date: "2001-01-01T00:01:00Z", delay: 1, distance: 1, origin: LAS, destination: PHL}
                  - {date: "2001-01-01T00:02:00Z", delay: 2, distance: 1, origin: LAS, destination: PHL}
              expect:
                clean:
                  - {delay: 60, origin: LAS}
                  - {delay: 121, origin: LAS}
                by_airport:
                  - {origin: LAS, flights: 2}
                  - {origin: PHX}
                late: []
            """);

    assertThat(outcomes).singleElement().satisfies(o -> assertThat(o.passed()).isFalse());
    assertThat(outcomes.get(0).differences())
        .extracting(DefinitionTests.Difference::toString)
        .containsExactly(
            "tests[0].expect.clean[1]: column 'delay' expected 121, got 120.0",
            "tests[0].expect.by_airport[1]: expected {origin=PHX}, got no such row");
  }
}
