package io.sagitta.control.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.PulsarSource;
import io.sagitta.engine.Plan;
import io.sagitta.transport.StreamVersion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StreamVersionsTest {
  private static final String PUBLISHER =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: weather, tenant: aviation}
      spec:
        mode: streaming
        sources:
          readings:
            type: http
            schema: {taken: {type: timestamp}, airport: {type: string}, wind: {type: int32}}
            event_time: {field: taken}
        stages:
          hours:
            type: sql
            inputs: [readings]
            key: [airport]
            window: {tumbling: 1h}
            query: SELECT COLUMNS FROM readings GROUP BY airport
        streams:
          hourly: {inputs: [hours], compatibility: none}
      """;

  private static final String READER =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: reader, tenant: aviation}
      spec:
        mode: streaming
        sources:
          weather: {type: pulsar, stream: aviation/weather/hourly@VERSION, schema: {SCHEMA}}
        stages:
          all: {type: sql, inputs: [weather], query: SELECT * FROM weather}
        streams:
          out: {inputs: [all]}
      """;

  private static Plan plan(String yaml) {
    Candidate.Outcome outcome = Candidate.read("test.yaml", yaml, "env.yaml", "");
    return outcome
        .candidate()
        .orElseThrow(() -> new AssertionError(outcome.problems().toString()))
        .plan();
  }

  private static Map<String, StreamVersion> after(
      Map<String, StreamVersion> before, String columns) {
    return StreamVersions.after(before, plan(PUBLISHER.replace("COLUMNS", columns)));
  }

  private static StreamVersion hourly(Map<String, StreamVersion> versions) {
    return Objects.requireNonNull(versions.get("hourly"));
  }

  private static List<String> lacks(StreamVersion stream, String version, String schema) {
    Plan reader = plan(READER.replace("@VERSION", version).replace("SCHEMA", schema));
    PulsarSource source =
        (PulsarSource) Objects.requireNonNull(reader.definition().spec().sources().get("weather"));
    return new StreamUse(source)
        .lacks(stream).stream().map(lack -> lack.option() + ": " + lack.message()).toList();
  }

  @Test
  void after_columnsChange_givesTheNextVersionAndSaysWhoCanReadIt() {
    Map<String, StreamVersion> first = after(Map.of(), "airport, max(wind) AS wind");
    assertThat(hourly(first).version()).isEqualTo(1);
    assertThat(StreamVersions.columns(hourly(first)).getFields())
        .extracting(f -> f.getName())
        .containsExactly("airport", "wind", "window_start", "window_end", "event_time");

    Map<String, StreamVersion> same = after(first, "airport, min(wind) AS wind");
    assertThat(same).isEqualTo(first);

    Map<String, StreamVersion> more = after(same, "airport, max(wind) AS wind, count(*) AS n");
    assertThat(hourly(more).version()).isEqualTo(2);
    assertThat(hourly(more).readableSince()).isEqualTo(1);

    Map<String, StreamVersion> other = after(more, "airport, avg(wind) AS wind, count(*) AS n");
    assertThat(hourly(other).version()).isEqualTo(3);
    assertThat(hourly(other).readableSince()).isEqualTo(3);
  }

  @Test
  void lacks_versions_namesThoseThatCanBeRead() {
    StreamVersion stream = hourly(after(Map.of(), "airport, max(wind) AS wind"));
    StreamVersion third = new StreamVersion(3, 2, stream.columns());
    String schema = "airport: {type: string}";
    assertThat(lacks(third, "", schema)).isEmpty();
    assertThat(lacks(third, "@2", schema)).isEmpty();
    assertThat(lacks(third, "@3", schema)).isEmpty();
    assertThat(lacks(third, "@4", schema))
        .containsExactly("stream: the stream has no version 4; it can be read as versions 2 to 3");
    assertThat(lacks(third, "@1", schema))
        .containsExactly(
            "stream: the stream cannot be read any more as version 1; it can be read as versions"
                + " 2 to 3");
  }

  @Test
  void lacks_columns_namesAllThatAreNotThereOrDoNotFit() {
    StreamVersion stream = hourly(after(Map.of(), "airport, max(wind) AS wind"));
    assertThat(
            lacks(
                stream,
                "",
                "airport: {type: string}, wind: {type: double}, window_start: {type: timestamp},"
                    + " window_end: {type: timestamp}"))
        .isEmpty();
    assertThat(lacks(stream, "", "airprt: {type: string}, wind: {type: string}, n: {type: int64}"))
        .containsExactly(
            "schema.airprt: the stream has no column 'airprt'. Did you mean 'airport'? There are:"
                + " airport, wind, window_start, window_end, event_time",
            "schema.wind: Arrow stream: column wind is int32, which does not widen to string; cast"
                + " it before sending",
            "schema.n: the stream has no column 'n'. There are: airport, wind, window_start,"
                + " window_end, event_time");
  }
}
