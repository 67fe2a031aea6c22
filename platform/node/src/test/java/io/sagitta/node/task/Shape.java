package io.sagitta.node.task;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.ReadResult;
import io.sagitta.engine.Plan;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The shapes of pipelines that are interleaved. */
enum Shape {
  /** Row-local stages with an ASOF join to a table. */
  ENRICHED(
      """
      tables:
        rates:
          type: file
          path: rates.csv
          schema: {place: {type: string}, since: {type: timestamp}, rate: {type: int64}}
          key: [place, since]
      stages:
        rated:
          type: sql
          inputs: [flights]
          query: >
            SELECT f.seq, f.origin, f.delay, r.rate, f.event_time FROM flights f
            ASOF JOIN rates r ON f.origin = r.place AND f.date >= r.since WHERE f.seq % 5 <> 4
      streams: {out: {inputs: [rated]}}
      """),
  DEDUPE(
      """
      stages:
        once: {type: dedupe, inputs: [flights], key: [origin, delay], within: 30m}
      streams: {out: {inputs: [once]}}
      """),
  TUMBLING(
      """
      stages:
        counted:
          type: sql
          inputs: [flights]
          key: [origin]
          window: {tumbling: 30m}
          query: SELECT origin, count(*) AS n, sum(bit)::BIGINT AS bits FROM flights GROUP BY origin
      streams: {out: {inputs: [counted]}}
      """),
  SLIDING(TUMBLING.rest.replace("{tumbling: 30m}", "{sliding: 1h, every: 25m}")),
  SESSION(TUMBLING.rest.replace("{tumbling: 30m}", "{session: 9m}")),
  JOIN(
      """
      stages:
        joined:
          type: sql
          inputs: [flights, others]
          key: [origin]
          window: {tumbling: 30m}
          query: >
            SELECT f.origin, count(*) AS n, sum(f.bit + o.bit)::BIGINT AS bits
            FROM flights f JOIN others o ON f.origin = o.origin GROUP BY f.origin
      streams: {out: {inputs: [joined]}}
      """),
  /** Two exchanges, one behind the other. */
  CHAINED(
      """
      stages:
        once: {type: dedupe, inputs: [flights], key: [origin, delay], within: 30m}
        counted:
          type: sql
          inputs: [once]
          key: [origin]
          window: {tumbling: 30m}
          query: SELECT origin, count(*) AS n, sum(bit)::BIGINT AS bits FROM once GROUP BY origin
      streams: {out: {inputs: [counted]}}
      """);

  private static final String HEAD =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: shape, tenant: tests}
      spec:
        mode: streaming
        parallelism: %d
        sources:
      """;

  private static final String SOURCE =
      """
          %s:
            type: http
            key: [origin]
            schema:
              date: {type: timestamp}
              seq: {type: int64, required: true}
              bit: {type: int64, required: true}
              origin: {type: string}
              delay: {type: int32}
            event_time: {field: date, max_lateness: 10m%s}
      """;

  private final String rest;

  Shape(String rest) {
    this.rest = rest;
  }

  /** Returns the names of the sources, all alike. */
  List<String> sources() {
    return this == JOIN ? List.of("flights", "others") : List.of("flights");
  }

  /**
   * Returns the plan.
   *
   * @param idle whether silent sources are said to be idle, after 30 s
   */
  Plan plan(int parallelism, boolean idle) {
    StringBuilder yaml = new StringBuilder(HEAD.formatted(parallelism));
    for (String source : sources()) {
      yaml.append(SOURCE.formatted(source, idle ? ", idle_after: 30s" : ""));
    }
    yaml.append(rest.indent(2));
    ReadResult read =
        DefinitionReader.read("shape.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8));
    PlanResult planned =
        new Planner()
            .plan(
                read.definition().orElseThrow(() -> new AssertionError(read.problems().toString())),
                read.locations());
    return planned.plan().orElseThrow(() -> new AssertionError(planned.problems().toString()));
  }

  boolean hasDedupe() {
    return this == DEDUPE || this == CHAINED;
  }
}
