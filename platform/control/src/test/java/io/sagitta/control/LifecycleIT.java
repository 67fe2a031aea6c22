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
  void streamVersion_isThereOrRefused_andItsColumnsStayWhileSomebodyReadsThem() throws Exception {
    String first =
        Definitions.flights("versioned").replace("rows: {", "rows: {compatibility: none, ");
    String second =
        first
            .replace("inputs: [clean], retain", "inputs: [named], retain")
            .replace(
                "    once:",
                "    named: {type: sql, inputs: [clean], query: \"SELECT *, 1 AS n FROM clean\"}\n"
                    + "    once:");
    String third = second.replace("1 AS n", "1.5 AS n");
    String fourth = third.replace("SELECT *,", "SELECT * EXCLUDE (origin),");
    try (TestControl control = TestControl.start()) {
      assertThat(control.apply(first).status()).isEqualTo(200);
      Reply early = control.apply(reader("@2"));
      assertThat(early.status()).isEqualTo(422);
      assertThat(early.body())
          .contains(
              "\"line\":9,\"column\":15",
              "the stream has no version 2; it can be read as version 1");
      Reply column = control.apply(reader("@1").replace("origin:", "orgin:"));
      assertThat(column.status()).isEqualTo(422);
      assertThat(column.body()).contains("no column 'orgin'. Did you mean 'origin'?");
      assertThat(control.apply(reader("@1")).status()).isEqualTo(200);

      Reply grown = control.apply(second);
      assertThat(grown.status()).as(grown.body()).isEqualTo(200);
      assertThat(grown.body()).contains("its columns change: version 2");
      assertThat(control.apply(reader("@2")).status()).isEqualTo(200);

      Reply broken = control.apply(third);
      assertThat(broken.status()).isEqualTo(409);
      assertThat(broken.body())
          .contains("a stream in use cannot change so")
          .contains("cannot be read any more as version 2; it can be read as version 3");
      assertThat(control.apply(reader("")).status()).isEqualTo(200);
      Reply unused = control.apply(third);
      assertThat(unused.status()).as(unused.body()).isEqualTo(200);
      Reply used = control.apply(fourth);
      assertThat(used.status()).isEqualTo(409);
      assertThat(used.body()).contains("the stream has no column 'origin'");
    }
  }

  private static String reader(String version) {
    return Definitions.reader("pinned", "versioned").replace("/rows", "/rows" + version);
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
            Optional.empty(),
            Instant.now().toString());
    try (PartitionProducer writer =
        StateTopic.writer(control.pulsar, Topics.STATUS, PartitionProducer.Access.SHARED)) {
      StateTopic.put(writer, status.key(), Optional.of(status)).join();
    }
  }
}
