package io.sagitta.control.grants;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.ReadResult;
import io.sagitta.definition.Spec;
import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarGrant;
import io.sagitta.transport.PulsarGrant.Right;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DueGrantsTest {
  private static final String HEAD = "apiVersion: sagitta/v1\nkind: ";

  /** Publishes two streams of what clients send. */
  static final String PUBLISHER =
      HEAD
          + """
          Pipeline
          metadata: {name: flights, tenant: t}
          spec:
            mode: streaming
            sources:
              departures: {type: http, schema: {origin: {type: string}}}
            stages:
              some: {type: sql, inputs: [departures], query: SELECT * FROM departures}
            streams:
              punctuality: {inputs: [some], retain: 1d, readers: [alone]}
              rows: {inputs: [some], retain: 1d}
          """;

  /** Reads one of them and a foreign topic, and writes another. */
  static final String READER =
      HEAD
          + """
          Pipeline
          metadata: {name: delays, tenant: u}
          spec:
            mode: streaming
            sources:
              flights: {type: pulsar, stream: t/flights/rows, schema: {origin: {type: string}}}
              weather:
                type: pulsar
                topic: persistent://foreign/weather/stations
                format: json
                schema: {origin: {type: string}}
            stages:
              delayed: {type: sql, inputs: [flights], query: SELECT * FROM flights}
              calm: {type: sql, inputs: [weather], query: SELECT * FROM weather}
            sinks:
              alarms: {type: pulsar, inputs: [delayed, calm], topic: "persistent://foreign/alarms/out"}
          """;

  private static final List<PulsarGrant> PLATFORM =
      List.of(
          PulsarGrant.of("persistent://sagitta/system/deployments", "gateway", Right.CONSUME),
          PulsarGrant.of("persistent://sagitta/system/deployments", "node", Right.CONSUME),
          PulsarGrant.of("persistent://sagitta/system/backpressure", "gateway", Right.CONSUME),
          PulsarGrant.of("persistent://sagitta/system/storage-holds", "gateway", Right.CONSUME),
          PulsarGrant.of("persistent://sagitta/system/policy", "gateway", Right.CONSUME),
          PulsarGrant.of("persistent://sagitta/system/policy", "node", Right.CONSUME),
          PulsarGrant.of("persistent://sagitta/system/taps", "node", Right.CONSUME),
          PulsarGrant.of("persistent://sagitta/system/status", "node", Right.PRODUCE));

  private static final List<PulsarGrant> FLIGHTS =
      List.of(
          PulsarGrant.of("t/flights", "pipeline.t.flights", Right.PRODUCE, Right.CONSUME),
          PulsarGrant.of("persistent://t/flights/in.departures", "gateway", Right.PRODUCE),
          PulsarGrant.of("persistent://t/flights/out.punctuality", "gateway", Right.CONSUME),
          PulsarGrant.of("persistent://t/flights/out.rows", "gateway", Right.CONSUME));

  private static final PulsarGrant DELAYS =
      PulsarGrant.of("u/delays", "pipeline.u.delays", Right.PRODUCE, Right.CONSUME);
  private static final PulsarGrant DELAYS_READS_ROWS =
      PulsarGrant.of("persistent://t/flights/out.rows", "pipeline.u.delays", Right.CONSUME);
  private static final PulsarGrant DELAYS_READS_WEATHER =
      PulsarGrant.of("persistent://foreign/weather/stations", "pipeline.u.delays", Right.CONSUME);
  private static final PulsarGrant DELAYS_WRITES_ALARMS =
      PulsarGrant.of("persistent://foreign/alarms/out", "pipeline.u.delays", Right.PRODUCE);

  @Test
  void of_nothing_isWhatThePlatformNeeds() {
    assertThat(DueGrants.of(Map.of(), Optional.of(policy())))
        .containsExactlyInAnyOrderElementsOf(PLATFORM);
  }

  /** Also: what a definition asks for its readers is no grant. */
  @Test
  void of_policyThatGrantsNothing_keepsEachPipelineToItself() {
    assertThat(DueGrants.of(specs(PUBLISHER, READER), Optional.of(policy())))
        .containsExactlyInAnyOrderElementsOf(with(FLIGHTS, DELAYS));
  }

  @Test
  void of_policyThatGrantsAStream_letsExactlyThoseReadIt() {
    Policy policy =
        policy(
            """
            Grants
            grants:
            - {role: reader, of: t/flights/rows, to: [u/delays]}
            - {role: reader, of: t/flights/punctuality, to: [outer, dashboard]}
            - {role: writer, of: t/flights/departures, to: [alone]}
            """);
    assertThat(DueGrants.of(specs(PUBLISHER, READER), Optional.of(policy)))
        .containsExactlyInAnyOrderElementsOf(
            with(
                FLIGHTS,
                DELAYS,
                DELAYS_READS_ROWS,
                PulsarGrant.of(
                    "persistent://t/flights/out.punctuality", "subject.ada", Right.CONSUME),
                PulsarGrant.of(
                    "persistent://t/flights/out.punctuality", "subject.feed", Right.CONSUME),
                PulsarGrant.of(
                    "persistent://t/flights/out.punctuality", "subject.dashboard", Right.CONSUME)));
  }

  @Test
  void of_policyThatAllowsTopics_letsThePipelineReachThem() {
    Policy policy =
        policy(
            """
            Connectors
            allow:
            - type: topic
              for: [u]
              topic: "persistent://foreign/weather/stations"
              access: [read]
            - type: topic
              for: [u/delays]
              topic: "persistent://foreign/alarms/out"
              access: [write]
            """);
    assertThat(DueGrants.of(specs(PUBLISHER, READER), Optional.of(policy)))
        .containsExactlyInAnyOrderElementsOf(
            with(FLIGHTS, DELAYS, DELAYS_READS_WEATHER, DELAYS_WRITES_ALARMS));
  }

  @Test
  void of_noPolicy_letsPipelinesReachWhatTheyName() {
    assertThat(DueGrants.of(specs(PUBLISHER, READER), Optional.empty()))
        .containsExactlyInAnyOrderElementsOf(
            with(FLIGHTS, DELAYS, DELAYS_READS_ROWS, DELAYS_READS_WEATHER, DELAYS_WRITES_ALARMS));
  }

  /** Whoever makes a pipeline of that name later decides who reads it. */
  @Test
  void of_streamThatNobodyPublishes_isNotGranted() {
    assertThat(DueGrants.of(specs(READER), Optional.empty())).doesNotContain(DELAYS_READS_ROWS);
  }

  @Test
  void between_whatIsDueAndThere_saysWhatToDo() {
    PulsarGrant stranger = PulsarGrant.of("t/flights", "stranger", Right.CONSUME);
    PulsarGrant tooMuch =
        PulsarGrant.of("persistent://t/flights/out.rows", "gateway", Right.CONSUME, Right.PRODUCE);
    GrantDrift drift = GrantDrift.between(FLIGHTS, List.of(FLIGHTS.get(0), tooMuch, stranger));

    assertThat(drift.surplus()).containsExactly(stranger);
    assertThat(drift.lacking())
        .containsExactlyInAnyOrder(FLIGHTS.get(1), FLIGHTS.get(2), FLIGHTS.get(3));
    assertThat(drift.lines())
        .containsExactly(
            "- stranger may consume in t/flights",
            "+ gateway may produce persistent://t/flights/in.departures",
            "+ gateway may consume persistent://t/flights/out.punctuality",
            "+ gateway may consume persistent://t/flights/out.rows");
    assertThat(GrantDrift.between(FLIGHTS, FLIGHTS).isNone()).isTrue();
  }

  private static List<PulsarGrant> with(List<PulsarGrant> first, PulsarGrant... more) {
    return Stream.of(PLATFORM.stream(), first.stream(), Stream.of(more)).flatMap(s -> s).toList();
  }

  static Map<PipelineId, Spec> specs(String... definitions) {
    Map<PipelineId, Spec> specs = new HashMap<>();
    for (String definition : definitions) {
      ReadResult read =
          DefinitionReader.read("d.yaml", definition.getBytes(StandardCharsets.UTF_8));
      assertThat(read.definition()).as("%s", read.problems()).isPresent();
      PipelineDefinition good = read.definition().orElseThrow();
      specs.put(new PipelineId(good.metadata().tenant(), good.metadata().name()), good.spec());
    }
    return specs;
  }

  private static Policy policy(String... more) {
    List<String> texts =
        Stream.concat(
                Stream.of(
                    """
                    Subjects
                    people: {ada: {name: Ada}, alone: {name: Alone}}
                    services: {dashboard: {purpose: shows}, feed: {purpose: sends}}
                    groups: {inner: {members: [feed]}, outer: {members: [ada, inner]}}
                    """,
                    """
                    Tenants
                    tenants: {t: {purpose: x, owner: ada}, u: {purpose: y, owner: ada}}
                    """),
                Stream.of(more))
            .map(text -> HEAD + text)
            .toList();
    List<PolicyFile> files =
        texts.stream()
            .map(
                text ->
                    new PolicyFile(
                        texts.indexOf(text) + ".yaml", text.getBytes(StandardCharsets.UTF_8)))
            .toList();
    var result = PolicyReader.read(files);
    assertThat(result.policy()).as("%s", result.problems()).isPresent();
    return result.policy().orElseThrow();
  }
}
