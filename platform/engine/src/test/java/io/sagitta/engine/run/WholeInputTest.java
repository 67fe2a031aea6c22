package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.engine.Engine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages of batch pipelines whose one window is their whole input, as definitions' tests run. */
class WholeInputTest {
  private static final String BATCH =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: flights, tenant: aviation}
      spec:
        mode: batch
        sources:
          flights:
            type: file
            path: flights.csv
            schema:
              date: {type: timestamp}
              delay: {type: int32}
              origin: {type: string, required: true}
            event_time: {field: date}
          goals:
            type: file
            path: goals.csv
            schema: {origin: {type: string}, most: {type: int32}}
        stages:
          timed:
            type: sql
            inputs: [flights]
            query: SELECT * REPLACE (CASE WHEN delay < 0 THEN NULL ELSE event_time END AS event_time) FROM flights
          total: {type: sql, inputs: [timed], key: [], query: "SELECT count(*) AS n, sum(delay) AS delay FROM timed"}
          by_origin: {type: sql, inputs: [timed], key: [origin], query: "SELECT origin, count(*) AS n FROM timed GROUP BY origin"}
          missed:
            type: sql
            inputs: [by_origin, goals]
            key: [origin]
            query: SELECT g.origin, g.most, b.n FROM goals g JOIN by_origin b ON b.origin = g.origin WHERE b.n > g.most
          hourly:
            type: sql
            inputs: [by_origin]
            key: [origin]
            window: {tumbling: 1h}
            query: SELECT origin, max(n) AS n FROM by_origin GROUP BY origin
        streams:
          out: {inputs: [total]}
          missed_out: {inputs: [missed]}
          hourly_out: {inputs: [hourly]}
      """;

  private final Path scratch;

  WholeInputTest(@TempDir Path scratch) {
    this.scratch = scratch;
  }

  private List<DefinitionTests.Outcome> run(String tests) {
    try (BufferAllocator allocator = new RootAllocator();
        Engine engine = new DuckEngine(256L << 20)) {
      return new DefinitionTests(engine, allocator, scratch)
          .run(Pipelines.plan(BATCH + "tests:\n" + tests.indent(2)), Map.of());
    }
  }

  private void assertPasses(String test) {
    assertThat(run(test)).singleElement().satisfies(o -> assertThat(o.differences()).isEmpty());
  }

  @Test
  void wholeInput_rowsOverDays_areOneWindowThatHoldsTimelessRowsToo() {
    assertPasses(
        """
        - name: all of it
          given:
            - flights:
              - {date: "2001-01-03T04:00:00Z", delay: 1, origin: LAS}
              - {date: "2001-01-01T00:01:00Z", delay: 2, origin: LAS}
            - goals: [{origin: LAS, most: 2}, {origin: PHX, most: 2}]
            - goals: end
            - flights:
              - {date: "2001-01-02T00:00:00Z", delay: 3, origin: PHX}
              - {date: "2009-01-02T00:00:00Z", delay: -1, origin: LAS}
          expect:
            total: [{n: 4, delay: 5, window_start: "2001-01-01T00:01:00Z", window_end: "2001-01-03T04:00:00.000001Z", event_time: "2001-01-03T04:00:00.000001Z"}]
            by_origin: [{origin: LAS, n: 3}, {origin: PHX, n: 1}]
            missed: [{origin: LAS, most: 2, n: 3}]
            hourly: [{origin: LAS, n: 3, window_start: "2001-01-03T04:00:00Z"}, {origin: PHX, n: 1}]
            late: []
            quarantined: []
        """);
  }

  @Test
  void wholeInput_noRows_isOneWindowWithoutBounds() {
    assertPasses(
        """
        - name: nothing at all
          given: {flights: []}
          expect:
            total: [{n: 0, delay: null, window_start: null, window_end: null, event_time: null}]
            by_origin: []
        """);
  }

  @Test
  void wholeInput_onlyTimelessRows_areNotThrownAway() {
    assertPasses(
        """
        - name: no event time anywhere
          given: {flights: [{date: "2001-01-03T04:00:00Z", delay: -1, origin: LAS}]}
          expect:
            total: [{n: 1, delay: -1, window_start: null, window_end: null, event_time: null}]
            by_origin: [{origin: LAS, n: 1, window_start: null}]
            hourly: []
            quarantined: [{stage: hourly, reason: event_time, origin: LAS}]
        """);
  }

  @Test
  void wholeInput_inputDoesNotEnd_doesNotClose() {
    assertPasses(
        """
        - name: half of it
          given:
            - flights: [{date: "2001-01-03T04:00:00Z", delay: 1, origin: LAS}]
            - flights: idle
            - goals: end
          end_of_input: false
          expect: {total: [], by_origin: [], missed: []}
        """);
  }

  @Test
  void wholeInput_queryFailsOnAValue_quotesItOnlyIfNoColumnIsSensitive() {
    String failing = BATCH.replace("sum(delay) AS delay", "CAST(max(origin) AS INTEGER) AS delay");
    String test =
        """
        - name: no number
          given: {flights: [{date: "2001-01-03T04:00:00Z", delay: 1, origin: Kloten}]}
          expect: {total: []}
        """;

    assertThat(failure(failing, test)).contains("Could not convert string 'Kloten' to INT32");
    assertThat(failure(failing.replace("{type: int32}", "{type: int32, sensitive: true}"), test))
        .contains(
            "its query fails on the rows of its whole input: Conversion Error; what the engine")
        .contains("is left out, since the pipeline has sensitive columns")
        .doesNotContain("Kloten");
  }

  private String failure(String definition, String test) {
    try (BufferAllocator allocator = new RootAllocator();
        Engine engine = new DuckEngine(256L << 20)) {
      return new DefinitionTests(engine, allocator, scratch)
          .run(Pipelines.plan(definition + "tests:\n" + test.indent(2)), Map.of())
          .get(0)
          .differences()
          .toString();
    }
  }

  @Test
  void plan_batchAggregateWithoutKey_saysThatAKeyWillDo() {
    assertThatThrownBy(
            () -> Pipelines.plan(BATCH.replace("inputs: [timed], key: []", "inputs: [timed]")))
        .hasMessageContaining(
            "Give the stage a key, which may be [], to see its whole input at once");
  }

  @Test
  void plan_streamingKeyWithoutWindow_saysWhatToAdd() {
    assertThatThrownBy(
            () ->
                Pipelines.flights(
                    """
                    stages:
                      counts: {type: sql, inputs: [flights], key: [origin], query: SELECT origin FROM flights}
                    streams:
                      out: {inputs: [counts]}
                    """))
        .hasMessageContaining("Add window: {tumbling: 1h}, or drop the key");
  }
}
