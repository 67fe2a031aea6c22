package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.control.quarantine.ReplayRecord;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The test puts rows into quarantine as tasks do, and reads what comes back to the source. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuarantineIT {
  private static final String LAX =
      "{\"date\":\"2024-05-01T10:00:00Z\",\"delay\":-5,\"origin\":\"LAX\",\"phone\":\"555-1\"}";
  private static final String SFO =
      "{\"date\":\"2024-05-01T11:00:00Z\",\"delay\":-6,\"origin\":\"SFO\",\"phone\":null}";

  private final TestControl control;

  QuarantineIT() throws Exception {
    control = TestControl.start();
  }

  @AfterAll
  void stop() {
    control.close();
  }

  /** One of each kind. */
  private static List<Bad> all() {
    return List.of(
        new Bad("clean", "delay is sane", "", LAX),
        new Bad("once", "late", "", SFO),
        new Bad("departures", "unreadable", "line 1: no JSON", "{\"date\":"),
        new Bad("by_origin", "error", "Cannot divide '555-2', of a row beside it", LAX),
        new Bad("clean", "delay is sane", "", SFO));
  }

  @Test
  void list_showsRowsMaskedAndCountsThem() throws Exception {
    PipelineId id = applied("browsed");
    quarantine(id, all());
    JsonNode list = control.get(path(id) + "?limit=4").json();
    assertThat(list.path("looked").asInt()).isEqualTo(5);
    assertThat(list.path("complete").asBoolean()).isTrue();
    assertThat(list.path("counts"))
        .extracting(
            c -> c.path("stage").asText() + " " + c.path("reason").asText() + c.path("rows"))
        .containsExactly(
            "by_origin error1", "clean delay is sane2", "departures unreadable1", "once late1");
    assertThat(list.path("rows"))
        .extracting(r -> r.path("state").asText())
        .containsExactly("OPEN", "STAYS", "OPEN", "STAYS");
    JsonNode first = list.path("rows").path(0);
    assertThat(first.path("row").toString())
        .isEqualTo(LAX.replace("555-1", "***").replace("null", "null"));
    assertThat(first.path("eventTime").asText()).isEqualTo("1970-01-01T00:00:07Z");
    assertThat(list.path("rows").path(1).path("words").asText())
        .isEqualTo("it came late, and late rows come back only as a batch correction");
    assertThat(list.path("rows").path(2).path("raw").asText()).isEqualTo("***");
    assertThat(list.path("rows").path(3).path("detail").asText()).isEqualTo("***");
    assertThat(list.path("rows").path(3).path("words").asText())
        .contains("stage 'by_origin' reads stage 'once', not a source");

    JsonNode rest =
        control.get(path(id) + "?after=" + list.path("next").asText()).json().path("rows");
    assertThat(rest).hasSize(1);
    assertThat(rest.path(0).path("row").path("origin").asText()).isEqualTo("SFO");
    assertThat(control.get(path(id) + "?reason=late").json().path("rows")).hasSize(1);
    assertThat(control.get(path(id) + "?stage=clean").json().path("rows")).hasSize(2);
    assertThat(control.get(path(id) + "?after=x").status()).isEqualTo(400);
    assertThat(control.get(path(new PipelineId("aviation", "none"))).status()).isEqualTo(404);
  }

  @Test
  void replay_goesBackOnceAndSaysWhatStays() throws Exception {
    PipelineId id = applied("replayed");
    quarantine(id, all());
    Reply reply = replay(id, Map.of("reason", "delay is sane", "author", "Ada"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("replayed").asInt()).isEqualTo(2);
    assertThat(arrived(id)).containsExactlyInAnyOrder(LAX, SFO);

    JsonNode again = replay(id, Map.of("all", true)).json();
    assertThat(again.path("replayed").asInt()).isZero();
    assertThat(again.path("already").asInt()).isEqualTo(2);
    assertThat(again.path("stayed").asInt()).isEqualTo(3);
    assertThat(again.path("reasons").toString())
        .contains("only as a batch correction", "say by a mended row", "reads stage 'once'");
    assertThat(arrived(id)).hasSize(2);

    JsonNode row = control.get(path(id)).json().path("rows").path(0);
    assertThat(row.path("state").asText()).isEqualTo("REPLAYED");
    assertThat(row.path("words").asText()).startsWith("as it was to source 'departures' by Ada at");
    Await.until(
        "the event",
        () ->
            control
                .get("/api/v1/pipelines/aviation/replayed/events")
                .body()
                .contains("Ada replayed 2 rows from quarantine"));
  }

  @Test
  void replayOfMendedRows_sendsWhatTheyShouldHaveBeen() throws Exception {
    PipelineId id = applied("mended");
    quarantine(id, all());
    JsonNode rows = control.get(path(id)).json().path("rows");
    String lax = rows.path(0).path("position").asText();
    String unreadable = rows.path(2).path("position").asText();
    List<Map<String, ?>> mended =
        List.of(
            Map.of(
                "position",
                lax,
                "row",
                Map.of("date", "2024-05-01T10:00:00Z", "origin", "LAX", "phone", "***")),
            Map.of("position", unreadable, "row", Map.of("date", "2024-05-02T00:00:00Z")));
    JsonNode first = replay(id, Map.of("mended", mended)).json();
    assertThat(first.path("replayed").asInt()).isEqualTo(1);
    assertThat(first.path("reasons").path(0).path("why").asText())
        .contains("source 'departures' cannot take it", "origin");
    assertThat(arrived(id))
        .containsExactly(
            "{\"date\":\"2024-05-01T10:00:00Z\",\"delay\":null,\"origin\":\"LAX\",\"phone\":\"555-1\"}");
    assertThat(control.get(path(id)).json().path("rows").path(0).path("words").asText())
        .startsWith("mended to source 'departures'");
    // Mending it otherwise does not send it a second time.
    JsonNode second = replay(id, Map.of("positions", List.of(lax))).json();
    assertThat(second.path("already").asInt()).isEqualTo(1);
    assertThat(arrived(id)).hasSize(1);
  }

  @Test
  void replayAfterCrash_sendsWhatWasRecordedOnce() throws Exception {
    PipelineId id = applied("crashed");
    quarantine(id, all());
    JsonNode rows = control.get(path(id)).json().path("rows");
    assertThat(replay(id, Map.of("positions", List.of(position(rows, 0)))).status()).isEqualTo(200);
    // As if control had died twice: once before it sent, once before it noted that it had.
    String log = Topics.partition(Topics.replays(id), 0);
    ReplayRecord sent = record(2, position(rows, 4), SFO);
    try (ExclusiveLog<ReplayRecord> replays =
        ExclusiveLog.take(control.pulsar, log, ReplayRecord.class)) {
      replays.append(sent).join();
      Reply fenced = replay(id, Map.of("all", true));
      assertThat(fenced.status()).isEqualTo(409);
      assertThat(fenced.json().path("title").asText()).isEqualTo("A replay is under way");
    }
    assertThat(control.get(path(id)).json().path("rows").path(4).path("state").asText())
        .isEqualTo("UNDERWAY");
    JsonNode finishing = replay(id, Map.of("all", true)).json();
    assertThat(finishing.path("finished").asInt()).isEqualTo(1);
    assertThat(finishing.path("replayed").asInt()).isZero();
    assertThat(arrived(id)).containsExactlyInAnyOrder(LAX, SFO);

    List<ReplayRecord> all = ExclusiveLog.look(control.pulsar, log, ReplayRecord.class);
    PipelineId twin = applied("twin");
    quarantine(twin, all());
    assertThat(replay(twin, Map.of("reason", "none")).status()).isEqualTo(200);
    try (ExclusiveLog<ReplayRecord> replays =
            ExclusiveLog.take(
                control.pulsar, Topics.partition(Topics.replays(twin), 0), ReplayRecord.class);
        PartitionProducer producer =
            PartitionProducer.open(
                control.pulsar,
                Topics.partition(Topics.source(twin, "departures"), 0),
                Optional.of("control.replay"),
                PartitionProducer.Access.SHARED)) {
      replays.append(record(1, "1:1:1", LAX)).join();
      Header header =
          Header.of(Header.Kind.ROWS, "control.replay", "departures", 0, Optional.empty());
      producer.send(2, header, emptyRows()).join();
      producer.closeAndWait();
    }
    assertThat(all).extracting(ReplayRecord::sent).containsExactly(false, true, false, true);
    assertThat(replay(twin, Map.of("reason", "none")).json().path("finished").asInt()).isEqualTo(1);
    assertThat(arrived(twin)).as("the broker has number 2 already").isEmpty();
  }

  @Test
  void sourceThatOthersRead_doesNotTakeRowsBack() throws Exception {
    PipelineId id = new PipelineId("aviation", "shared");
    String shared =
        Definitions.flights("shared")
            .replace("rows: {inputs: [clean]", "rows: {inputs: [departures]");
    Reply applied = control.apply(shared);
    assertThat(applied.status()).as(applied.body()).isEqualTo(200);
    quarantine(id, all());
    JsonNode report = replay(id, Map.of("stage", "clean")).json();
    assertThat(report.path("replayed").asInt()).isZero();
    assertThat(report.path("reasons").path(0).path("why").asText())
        .contains("stream 'rows' reads source 'departures', too, and would get the row twice");
    assertThat(arrived(id)).isEmpty();
  }

  @Test
  void replayWithoutChoice_isRefused() throws Exception {
    PipelineId id = applied("unchosen");
    assertThat(replay(id, Map.of()).body()).contains("Say which rows shall go back");
    assertThat(replay(id, Map.of("positions", List.of("12"))).status()).isEqualTo(400);
    JsonNode none = replay(id, Map.of("positions", List.of("9:9:9"))).json();
    assertThat(none.path("reasons").path(0).path("why").asText())
        .isEqualTo("quarantine has no such row");
  }

  private record Bad(String stage, String reason, String detail, String row) {}

  private static ReplayRecord record(long number, String position, String row) {
    return new ReplayRecord(
        number,
        false,
        "departures",
        0,
        0,
        List.of(position),
        List.of(row),
        List.of(),
        "Ada",
        "2024-05-01T10:00:00Z");
  }

  private static String position(JsonNode rows, int row) {
    return rows.path(row).path("position").asText();
  }

  private PipelineId applied(String name) throws Exception {
    Reply reply = control.apply(Definitions.flights(name));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return new PipelineId("aviation", name);
  }

  private static String path(PipelineId id) {
    return "/api/v1/pipelines/" + id + "/quarantine";
  }

  private Reply replay(PipelineId id, Map<String, ?> order) throws Exception {
    return control.post(path(id) + "/replay", order);
  }

  private static java.nio.ByteBuffer emptyRows() {
    try (RootAllocator allocator = new RootAllocator();
        VectorSchemaRoot rows = VectorSchemaRoot.create(Quarantine.SCHEMA, allocator)) {
      return IpcCodec.encode(rows);
    }
  }

  private void quarantine(PipelineId id, List<Bad> bad) {
    try (RootAllocator allocator = new RootAllocator();
        VectorSchemaRoot rows = VectorSchemaRoot.create(Quarantine.SCHEMA, allocator);
        PartitionProducer producer =
            PartitionProducer.open(
                control.pulsar,
                Topics.partition(Topics.quarantine(id), 0),
                Optional.of("departures/0"),
                PartitionProducer.Access.SHARED)) {
      for (int i = 0; i < bad.size(); i++) {
        set(rows, Quarantine.STAGE, i, bad.get(i).stage());
        set(rows, Quarantine.REASON, i, bad.get(i).reason());
        if (!bad.get(i).detail().isEmpty()) {
          set(rows, Quarantine.DETAIL, i, bad.get(i).detail());
        }
        if (bad.get(i).reason().equals("unreadable")) {
          ((VarBinaryVector) rows.getVector(Quarantine.RAW)).setSafe(i, utf8(bad.get(i).row()));
        } else {
          set(rows, Quarantine.ROW, i, bad.get(i).row());
          ((TimeStampMicroTZVector) rows.getVector(Quarantine.EVENT_TIME)).setSafe(i, 7_000_000);
        }
      }
      rows.setRowCount(bad.size());
      Header header =
          Header.of(Header.Kind.ROWS, "departures/0", "departures", bad.size(), Optional.empty());
      producer.send(header, IpcCodec.encode(rows)).join();
    }
  }

  private static void set(VectorSchemaRoot rows, String column, int row, String value) {
    ((VarCharVector) rows.getVector(column)).setSafe(row, utf8(value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns all rows in the source's topic. */
  private List<String> arrived(PipelineId id) throws Exception {
    List<String> arrived = new ArrayList<>();
    for (int partition = 0; partition < 2; partition++) {
      String topic = Topics.partition(Topics.source(id, "departures"), partition);
      try (PartitionReader reader =
              PartitionReader.open(control.pulsar, topic, new PartitionReader.Start.Earliest());
          RootAllocator allocator = new RootAllocator()) {
        while (reader.hasNext()) {
          try (Received message = reader.next(5000).orElseThrow();
              VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator)) {
            for (int row = 0; row < rows.getRowCount(); row++) {
              arrived.add(new String(RowEncoder.jsonObject(rows, row), StandardCharsets.UTF_8));
            }
          }
        }
      }
    }
    return arrived;
  }
}
