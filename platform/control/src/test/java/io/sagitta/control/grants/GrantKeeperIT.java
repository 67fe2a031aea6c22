package io.sagitta.control.grants;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.definition.Spec;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarGrant;
import io.sagitta.transport.PulsarGrant.Right;
import io.sagitta.transport.PulsarGrants;
import io.sagitta.transport.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a real Pulsar keeps of grants; that it obeys them is transport's to show. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrantKeeperIT {
  private static final PipelineId FLIGHTS = new PipelineId("t", "flights");
  private static final PipelineId DELAYS = new PipelineId("u", "delays");
  private static final Map<PipelineId, Spec> SPECS =
      DueGrantsTest.specs(DueGrantsTest.PUBLISHER, DueGrantsTest.READER);
  private static final String ROWS = Topics.stream(FLIGHTS, "rows");
  private static final PulsarGrant STRANGERS =
      PulsarGrant.of(ROWS, "stranger", Right.PRODUCE, Right.CONSUME);

  private final LocalPulsar server;
  private final Provisioner provisioner;
  private final PulsarGrants pulsar;
  private final Map<PipelineId, Spec> running = new HashMap<>();
  private final GrantKeeper keeper;

  GrantKeeperIT(@TempDir Path dir) {
    this.server = LocalPulsar.start(LocalPulsarOptions.in(dir));
    this.provisioner = Provisioner.open(server.adminUrl().toString());
    this.pulsar = new PulsarGrants(provisioner);
    this.keeper = new GrantKeeper(pulsar, () -> running, Optional::empty);
  }

  @AfterAll
  void stop() {
    provisioner.close();
    server.close();
  }

  /** One story, since grants are the whole server's. */
  @Test
  void grants_ofPipelinesThatComeChangeAndGo_areWhatTheyShould() {
    provisioner.ensureSystem();
    for (String foreign : List.of("weather/stations", "alarms/out")) {
      PipelineId namespace = PipelineId.parse("foreign/" + foreign.replaceFirst("/.*", ""));
      provisioner.ensurePipeline(namespace, Duration.ZERO);
      provisioner.ensurePlainTopic("persistent://foreign/" + foreign);
    }
    PulsarGrant foreignersOwn = PulsarGrant.of("foreign/weather", "weatherman", Right.PRODUCE);
    pulsar.set(foreignersOwn);
    assertThat(keeper.mend().surplus()).isEmpty();

    come(FLIGHTS);
    come(DELAYS);
    assertThat(pulsar.in("t/flights"))
        .contains(PulsarGrant.of(ROWS, "pipeline.u.delays", Right.CONSUME))
        .hasSize(5);
    assertThat(pulsar.in("foreign/weather")).hasSize(2);
    assertThat(keeper.drift().isNone()).isTrue();

    driftIsSeenAndMended();

    running.remove(DELAYS);
    provisioner.deletePipeline(DELAYS);
    keeper.follow(DELAYS, Optional.of(spec(DELAYS)), Optional.empty());
    assertThat(pulsar.in("t/flights")).hasSize(4);
    assertThat(pulsar.in("foreign/weather")).containsExactly(foreignersOwn);
    assertThat(keeper.drift().isNone()).isTrue();
  }

  private void driftIsSeenAndMended() {
    PulsarGrant lost = PulsarGrant.of("t/flights", "pipeline.t.flights", Right.PRODUCE);
    pulsar.revoke(lost);
    pulsar.set(lost);
    pulsar.set(STRANGERS);

    assertThat(keeper.drift().lines())
        .containsExactly(
            "- stranger may produce and consume " + ROWS,
            "+ pipeline.t.flights may produce and consume in t/flights");
    assertThat(keeper.mend().isNone()).isFalse();
    assertThat(keeper.drift().isNone()).isTrue();
  }

  private void come(PipelineId pipeline) {
    provisioner.ensurePipeline(pipeline, Duration.ofHours(1));
    List<String> streams = List.copyOf(spec(pipeline).streams().keySet());
    streams.forEach(stream -> provisioner.ensureTopic(Topics.stream(pipeline, stream), 2));
    spec(pipeline)
        .sources()
        .keySet()
        .forEach(source -> provisioner.ensureTopic(Topics.source(pipeline, source), 2));
    keeper.follow(pipeline, Optional.empty(), Optional.of(spec(pipeline)));
    running.put(pipeline, spec(pipeline));
  }

  private static Spec spec(PipelineId pipeline) {
    return Optional.ofNullable(SPECS.get(pipeline)).orElseThrow();
  }
}
