package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Progress;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.Topics;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Reports of tasks go in as nodes send them; the ops API shows what they add up to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatusIT {
  private static final Progress PROGRESS =
      new Progress(60_000_000L, 120_000_000L, Progress.Activity.ACTIVE);

  private final TestControl control;

  StatusIT() throws Exception {
    control = TestControl.start();
  }

  @AfterAll
  void stop() {
    control.close();
  }

  @Test
  void nobodyReported_waits() throws Exception {
    control.apply(Definitions.flights("waiting"));
    JsonNode status = status("waiting");
    assertThat(status.path("state").asText()).isEqualTo("WAITING");
    assertThat(status.path("tasksExpected").asInt()).isEqualTo(6);
    assertThat(status.path("tasksRunning").asInt()).isEqualTo(0);
    assertThat(status.path("tasks").path(0).path("message").asText())
        .isEqualTo("no node has reported it");
  }

  @Test
  void reports_addUpToALedgerThatBalances() throws Exception {
    control.apply(Definitions.flights("ledger"));
    Instant now = Instant.now();
    for (int p = 0; p < 2; p++) {
      report("ledger", "departures", p, now, departures(100, 1));
      report("ledger", "once", p, now, Map.of("once", new Counts(95, 90, 0, 5, 0, 0, 0)));
      report("ledger", "by_origin", p, now, Map.of("by_origin", new Counts(88, 3, 80, 0, 0, 2, 6)));
    }
    JsonNode status = settled("ledger", "by_origin", 176);
    assertThat(status.path("state").asText()).isEqualTo("RUNNING");
    assertThat(status.path("tasksRunning").asInt()).isEqualTo(6);
    assertThat(status.path("rowsIn").asLong()).isEqualTo(200);
    assertThat(status.path("balanced").asBoolean()).isTrue();
    assertThat(status.path("settled").asBoolean()).isFalse();
    JsonNode clean = stage(status, "clean");
    assertThat(clean.path("kind").asText()).isEqualTo("row-local");
    assertThat(clean.path("counts").path("quarantined").asLong()).isEqualTo(2);
    assertThat(clean.path("onTheWay").asLong()).isZero();
    assertThat(stage(status, "once").path("onTheWay").asLong()).isEqualTo(8);
    assertThat(stage(status, "by_origin").path("onTheWay").asLong()).isEqualTo(4);
    assertThat(status.path("tasks").path(0).path("node").asText()).isEqualTo("node-1");
    assertThat(status.path("tasks").path(0).path("watermark").asText())
        .isEqualTo("1970-01-01T00:01:00Z");
  }

  @Test
  void rowUnaccountedFor_doesNotBalance() throws Exception {
    control.apply(Definitions.flights("unbalanced"));
    report(
        "unbalanced", "once", 0, Instant.now(), Map.of("once", new Counts(10, 8, 0, 1, 0, 0, 0)));
    JsonNode status = settled("unbalanced", "once", 10);
    assertThat(status.path("balanced").asBoolean()).isFalse();
    assertThat(stage(status, "once").path("missing").asLong()).isEqualTo(1);
  }

  @Test
  void silentOwner_isShownAsSuch() throws Exception {
    control.apply(Definitions.flights("silent"));
    Instant longAgo = Instant.now().minusSeconds(60);
    for (int p = 0; p < 2; p++) {
      report("silent", "departures", p, longAgo, departures(1, 0));
      report("silent", "once", p, Instant.now(), Map.of());
      report("silent", "by_origin", p, Instant.now(), Map.of());
    }
    JsonNode status = settled("silent", "departures", 2);
    assertThat(status.path("state").asText()).isEqualTo("SILENT");
    assertThat(status.path("tasks").path(0).path("state").asText()).isEqualTo("SILENT");
    assertThat(status.path("tasks").path(0).path("message").asText())
        .matches("nothing heard for \\d+ s; was RUNNING");
  }

  @Test
  void growthBetweenReports_isARate() throws Exception {
    control.apply(Definitions.flights("rated"));
    Instant now = Instant.now();
    report("rated", "departures", 0, now.minusSeconds(8), departures(0, 0));
    report("rated", "departures", 0, now.minusSeconds(5), departures(1000, 0));
    report("rated", "departures", 0, now, departures(6000, 0));
    JsonNode status = settled("rated", "departures", 6000);
    assertThat(stage(status, "departures").path("inPerSecond").asDouble()).isEqualTo(1000);
    assertThat(status.path("rowsPerSecond").asDouble()).isEqualTo(1000);
    JsonNode listed =
        Await.answer(
            "the list",
            () -> {
              for (JsonNode p : control.get("/api/v1/pipelines").json().path("pipelines")) {
                if (p.path("pipeline").asText().equals("rated")) {
                  return Optional.of(p);
                }
              }
              return Optional.empty();
            });
    assertThat(listed.path("rowsPerSecond").asDouble()).isEqualTo(1000);
    assertThat(listed.has("stages")).isFalse();
  }

  @Test
  void backlogThatShrinks_isSaidToBeGoneInTime() throws Exception {
    control.apply(Definitions.flights("behind"));
    Instant now = Instant.now();
    // Ten seconds ago it stood at what came 100 seconds ago; it works off four seconds in one.
    for (int i = 10; i >= 0; i -= 5) {
      Instant at = now.minusSeconds(i);
      Optional<Long> taken = Optional.of(now.minusSeconds(70 + 4 * i).toEpochMilli());
      report("behind", "departures", 0, at, departures(6000 - i, 0), taken);
    }
    report("behind", "departures", 1, now, departures(500, 0));
    JsonNode status = settled("behind", "departures", 6500);
    JsonNode task = status.path("tasks").path(0);
    assertThat(task.path("behindSeconds").asDouble()).isEqualTo(70);
    assertThat(task.path("caughtUpInSeconds").asDouble()).isCloseTo(70 / 3.0, within(0.1));
    assertThat(status.path("tasks").path(1).hasNonNull("behindSeconds")).isFalse();
  }

  private static Map<String, Counts> departures(long rows, long broken) {
    return Map.of(
        "departures", new Counts(rows, rows, 0, 0, 0, 0, 0),
        "clean", new Counts(rows, rows - broken, 0, 0, broken, 0, 0));
  }

  private void report(
      String pipeline, String chain, int partition, Instant at, Map<String, Counts> counts) {
    report(pipeline, chain, partition, at, counts, Optional.empty());
  }

  private void report(
      String pipeline,
      String chain,
      int partition,
      Instant at,
      Map<String, Counts> counts,
      Optional<Long> behind) {
    TaskStatus status =
        new TaskStatus(
            "aviation",
            pipeline,
            1,
            chain,
            partition,
            "node-1",
            TaskStatus.State.RUNNING,
            "",
            7,
            counts,
            PROGRESS,
            behind,
            at.toString());
    try (PartitionProducer writer =
        StateTopic.writer(control.pulsar, Topics.STATUS, PartitionProducer.Access.SHARED)) {
      StateTopic.put(writer, status.key(), Optional.of(status)).join();
    }
  }

  private JsonNode status(String pipeline) throws Exception {
    return control.get("/api/v1/pipelines/aviation/" + pipeline + "/status").json();
  }

  /** Waits until control has heard of {@code rows} rows in {@code stage}. */
  private JsonNode settled(String pipeline, String stage, long rows) throws Exception {
    return Await.answer(
        "the reports",
        () ->
            Optional.of(status(pipeline))
                .filter(s -> stage(s, stage).path("counts").path("in").asLong() == rows));
  }

  private static JsonNode stage(JsonNode status, String name) {
    for (JsonNode stage : status.path("stages")) {
      if (stage.path("name").asText().equals(name)) {
        return stage;
      }
    }
    throw new AssertionError("No stage " + name + " in " + status);
  }
}
