package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TapRequest;
import io.sagitta.transport.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The test answers requests for samples as the owner of a task does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TapIT {
  private final TestControl control;

  TapIT() throws Exception {
    control = TestControl.start();
  }

  @AfterAll
  void stop() {
    control.close();
  }

  @Test
  void stream_showsItsNewestRows() throws Exception {
    PipelineId id = new PipelineId("aviation", "streamed");
    control.apply(Definitions.flights("streamed"));
    publish(Topics.partition(Topics.stream(id, "rows"), 0), "OLD");
    publish(Topics.partition(Topics.stream(id, "rows"), 0), "LAX", "SFO");
    publish(Topics.partition(Topics.stream(id, "rows"), 1), "JFK");
    Reply reply = tap("streamed", "rows", 3, 20);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().lines().filter(l -> !l.isBlank()))
        .containsExactlyInAnyOrder(
            "{\"origin\":\"LAX\",\"phone\":\"***\"}",
            "{\"origin\":\"SFO\",\"phone\":\"***\"}",
            "{\"origin\":\"JFK\",\"phone\":\"***\"}");
  }

  @Test
  void stage_isSampledByItsOwner() throws Exception {
    PipelineId id = new PipelineId("aviation", "sampled");
    control.apply(Definitions.flights("sampled"));
    try (StateTopic<TapRequest> requests =
        StateTopic.open(control.pulsar, Topics.TAPS, TapRequest.class)) {
      CompletableFuture<Reply> reply =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return tap("sampled", "clean", 2, 30);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      TapRequest request =
          Await.answer(
              "the request",
              () -> requests.all().values().stream().filter(r -> r.of().equals(id)).findFirst());
      assertThat(request.stage()).isEqualTo("clean");
      assertThat(request.rows()).isEqualTo(2);
      publish(request.topic(), "LAX", "SFO", "JFK");
      assertThat(reply.get().body().lines().filter(l -> !l.isBlank())).hasSize(2);
      Await.until("the request is withdrawn", () -> requests.get(request.id()).isEmpty());
    }
  }

  @Test
  void nothingComes_endsInTime() throws Exception {
    control.apply(Definitions.flights("still"));
    Reply reply = tap("still", "punctuality", 5, 1);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isBlank();
  }

  @Test
  void unknownName_isRefusedWithThoseThereAre() throws Exception {
    control.apply(Definitions.flights("named"));
    Reply unknown = tap("named", "cleen", 1, 1);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.body())
        .contains(
            "has no stream, source or stage 'cleen'",
            "by_origin, clean, departures, once, punctuality, rows");
    assertThat(tap("named", "departures", 1, 1).status()).isEqualTo(200);
    assertThat(tap("named", "clean", 0, 1).status()).isEqualTo(400);
    assertThat(tap("none", "clean", 1, 1).status()).isEqualTo(404);
  }

  private Reply tap(String pipeline, String of, int rows, int seconds) throws Exception {
    return control.post(
        "/api/v1/pipelines/aviation/" + pipeline + "/tap",
        Map.of("of", of, "rows", rows, "seconds", seconds));
  }

  private void publish(String topic, String... origins) {
    Schema schema =
        new Schema(
            List.of(
                Field.nullable("origin", ArrowType.Utf8.INSTANCE),
                Field.nullable("phone", ArrowType.Utf8.INSTANCE)));
    try (RootAllocator allocator = new RootAllocator();
        VectorSchemaRoot rows = VectorSchemaRoot.create(schema, allocator);
        PartitionProducer producer =
            PartitionProducer.open(
                control.pulsar, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      VarCharVector origin = (VarCharVector) rows.getVector("origin");
      VarCharVector phone = (VarCharVector) rows.getVector("phone");
      for (int i = 0; i < origins.length; i++) {
        origin.setSafe(i, origins[i].getBytes(StandardCharsets.UTF_8));
        phone.setSafe(i, "555".getBytes(StandardCharsets.UTF_8));
      }
      rows.setRowCount(origins.length);
      ByteBuffer payload = IpcCodec.encode(rows);
      producer
          .send(
              Header.of(Header.Kind.ROWS, "test", "clean", origins.length, Optional.empty()),
              payload)
          .join();
    }
  }
}
