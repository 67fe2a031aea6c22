package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

/** The test reports bad rows as the owner of a task does. */
class QuarantineRateIT {
  private static final String PATH = "/api/v1/pipelines/aviation/spoilt";

  @Test
  void tooManyBadRows_pauseThePipelineWithTheReason() throws Exception {
    try (TestControl control = TestControl.start()) {
      assertThat(control.apply(Definitions.flights("spoilt")).status()).isEqualTo(200);
      long[] rows = {1_000};
      Await.until(
          "control pauses it",
          () -> {
            // Control counts from the first report it sees, so they have to grow.
            rows[0] += 1_000;
            report(control, rows[0]);
            return status(control).path("desired").asText().equals("PAUSED");
          });
      assertThat(status(control).path("words").asText())
          .contains("'clean' sent ", "errors.quarantine.max_rate allows (1%)")
          .contains("'sagitta quarantine list aviation/spoilt --stage clean'")
          .endsWith("go on with 'sagitta resume aviation/spoilt'");
      Await.until(
          "the event",
          () -> control.get(PATH + "/events").body().contains("paused: 'clean' sent "));

      assertThat(control.post(PATH + "/resume", Map.of()).status()).isEqualTo(200);
      report(control, rows[0]);
      JsonNode resumed = status(control);
      assertThat(resumed.path("desired").asText()).isEqualTo("RUNNING");
      assertThat(resumed.path("words").asText()).isEmpty();
    }
  }

  private static JsonNode status(TestControl control) throws Exception {
    return control.get(PATH + "/status").json();
  }

  /** Reports that one in fifty of {@code rows} rows was refused. */
  private static void report(TestControl control, long rows) {
    long bad = rows / 50;
    TaskStatus status =
        new TaskStatus(
            "aviation",
            "spoilt",
            1,
            "departures",
            0,
            "node-1",
            TaskStatus.State.RUNNING,
            "",
            1,
            Map.of("clean", new Counts(rows, rows - bad, 0, 0, bad, 0, 0)),
            Progress.NONE,
            Optional.empty(),
            Instant.now().toString());
    try (PartitionProducer writer =
        StateTopic.writer(control.pulsar, Topics.STATUS, PartitionProducer.Access.SHARED)) {
      StateTopic.put(writer, status.key(), Optional.of(status)).join();
    }
  }
}
