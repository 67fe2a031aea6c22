package io.sagitta.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.house.GatewayClient;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes in mid-flow: nothing is lost, nothing comes twice. */
final class CrashTest {
  private static final int ROWS = 60_000;
  private static final int ROWS_PER_BODY = 400;
  private static final String PIPELINE = "acceptance/readings";

  @Test
  void kill_nodeAndBrokerInMidFlow_nothingLostNothingTwice(@TempDir Path data) throws Exception {
    Readings readings = new Readings(ROWS);
    List<String> bodies = readings.bodies(ROWS_PER_BODY);
    try (LocalHouse house = LockedHouse.started(data)) {
      ControlHttp control = new ControlHttp(house);
      control.apply(Readings.PIPELINE);
      GatewayClient gateway = house.gateway(TrialPolicy.SERVICE);

      for (int i = 0; i < bodies.size(); i++) {
        if (i == bodies.size() / 4 || i == bodies.size() / 2) {
          house.node("node-1").kill();
          house.startNode();
        }
        if (i == bodies.size() * 3 / 4) {
          house.pulsar().kill();
          house.startPulsar();
        }
        gateway.post(PIPELINE + "/readings", "feeder", i + 1L, bodies.get(i));
      }
      gateway.end(PIPELINE + "/readings");

      JsonNode status = control.awaitSettled(PIPELINE, "readings", ROWS);
      for (JsonNode stage : status.path("stages")) {
        assertThat(stage.path("missing").asLong()).as(stage.toString()).isZero();
      }
      assertThat(ControlHttp.counts(status, "readings").path("in").asLong()).isEqualTo(ROWS);
      assertThat(ControlHttp.counts(status, "clean").path("quarantined").asLong())
          .isEqualTo(readings.impossible());

      List<JsonNode> rows = new ArrayList<>();
      gateway.readAll(PIPELINE + "/minutes", rows::add);
      Map<String, String> found = new TreeMap<>();
      for (JsonNode row : rows) {
        String key =
            row.path("sensor").asText()
                + " "
                + row.path("window_start").asText().replaceAll("\\.\\d+", "");
        String before =
            found.put(
                key,
                Readings.figures(
                    row.path("readings").asLong(),
                    row.path("mean").asDouble(),
                    row.path("first").asLong(),
                    row.path("last").asLong()));
        assertThat(before).as("twice: " + key).isNull();
      }
      assertThat(found).isEqualTo(readings.expected());
    }
  }
}
