package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.Progress;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.Topics;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Deleting pipelines, and two controls on one Pulsar. */
class LifecycleIT {

  @Test
  void delete_waitsForTasksAndRemovesEverything() throws Exception {
    PipelineId id = new PipelineId("aviation", "gone");
    try (TestControl control = TestControl.start()) {
      control.apply(Definitions.flights("gone"));
      report(control, "gone", TaskStatus.State.RUNNING);
      String path = "/api/v1/pipelines/aviation/gone";
      Await.until("the report", () -> control.get(path + "/status").body().contains("\"node-1\""));
      CompletableFuture<Reply> deleted =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return control.delete(path);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      try (StateTopic<Deployment> deployments =
          StateTopic.open(control.pulsar, Topics.DEPLOYMENTS, Deployment.class)) {
        Await.until("it is to stop", () -> deployments.get(id.toString()).isEmpty());
        assertThat(deleted).isNotDone();
        assertThat(control.pulsar.partitions(Topics.source(id, "departures"))).isEqualTo(2);
        report(control, "gone", TaskStatus.State.STOPPED);
        assertThat(deleted.get().status()).isEqualTo(200);
      }
      assertThat(control.pulsar.partitions(Topics.source(id, "departures"))).isZero();
      assertThat(control.get(path + "/status").status()).isEqualTo(404);
      assertThat(control.delete(path).status()).isEqualTo(404);

      Reply anew =
          control.apply(Definitions.flights("gone").replace("parallelism: 2", "parallelism: 1"));
      assertThat(anew.status()).as(anew.body()).isEqualTo(200);
      assertThat(control.get(path + "/status").json().path("state").asText()).isEqualTo("WAITING");
    }
  }

  @Test
  void streamInUse_keepsItsPipeline() throws Exception {
    try (TestControl control = TestControl.start()) {
      control.apply(Definitions.flights("publisher"));
      Reply reader = control.apply(Definitions.reader("reader", "publisher"));
      assertThat(reader.status()).as(reader.body()).isEqualTo(200);

      Reply refused = control.delete("/api/v1/pipelines/aviation/publisher");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body())
          .contains("source 'flights' of aviation/reader reads stream 'rows'");
      Reply dropped =
          control.apply(
              Definitions.flights("publisher")
                  .replace("    rows: {inputs: [clean], retain: 1d}\n", ""));
      assertThat(dropped.status()).isEqualTo(409);
      assertThat(dropped.body()).contains("a stream in use cannot go");

      assertThat(control.delete("/api/v1/pipelines/aviation/reader").status()).isEqualTo(200);
      assertThat(control.delete("/api/v1/pipelines/aviation/publisher").status()).isEqualTo(200);
    }
  }

  @Test
  void secondControl_standsByAndTakesOver() throws Exception {
    try (TestControl first = TestControl.start();
        TestControl second = TestControl.start()) {
      assertThat(first.apply(Definitions.flights("handed")).status()).isEqualTo(200);
      Await.until(
          "the second reads it",
          () -> second.get("/api/v1/pipelines/aviation/handed/status").status() == 200);
      String changed =
          Definitions.flights("handed").replace("max_lateness: 1m", "max_lateness: 2m");
      Reply refused = second.apply(changed);
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.json().path("title").asText()).isEqualTo("This control stands by");

      first.stop();
      Reply applied =
          Await.answer(
              "the second writes",
              () -> Optional.of(second.apply(changed)).filter(r -> r.status() != 503));
      assertThat(applied.status()).as(applied.body()).isEqualTo(200);
      assertThat(applied.json().path("revision").asInt()).isEqualTo(2);
    }
  }

  private static void report(TestControl control, String pipeline, TaskStatus.State state) {
    TaskStatus status =
        new TaskStatus(
            "aviation",
            pipeline,
            1,
            "departures",
            0,
            "node-1",
            state,
            "",
            1,
            Map.of(),
            Progress.NONE,
            Instant.now().toString());
    try (PartitionProducer writer =
        StateTopic.writer(control.pulsar, Topics.STATUS, PartitionProducer.Access.SHARED)) {
      StateTopic.put(writer, status.key(), Optional.of(status)).join();
    }
  }
}
