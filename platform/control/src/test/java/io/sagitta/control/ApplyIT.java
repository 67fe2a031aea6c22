package io.sagitta.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.StateTopic;
import io.sagitta.transport.TableTopic;
import io.sagitta.transport.Topics;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApplyIT {
  private final TestControl control;

  ApplyIT() throws Exception {
    control = TestControl.start();
  }

  @AfterAll
  void stop() {
    control.close();
  }

  @Test
  void newPipeline_getsTopicsAndADeployment() throws Exception {
    PipelineId id = new PipelineId("aviation", "new");
    Reply reply = control.apply(Definitions.flights("new"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("revision").asInt()).isEqualTo(1);
    assertThat(reply.json().path("unchanged").asBoolean()).isFalse();

    assertThat(control.pulsar.partitions(Topics.source(id, "departures"))).isEqualTo(2);
    assertThat(control.pulsar.partitions(Topics.exchange(id, "once"))).isEqualTo(2);
    assertThat(control.pulsar.partitions(Topics.exchange(id, "by_origin"))).isEqualTo(2);
    assertThat(control.pulsar.partitions(Topics.journal(id, "departures"))).isEqualTo(2);
    assertThat(control.pulsar.partitions(Topics.stream(id, "punctuality"))).isEqualTo(2);
    assertThat(control.pulsar.partitions(Topics.quarantine(id))).isEqualTo(1);
    Deployment deployment = deployment(id);
    assertThat(deployment.revision()).isEqualTo(1);
    assertThat(deployment.author()).isEqualTo("Ada");
    assertThat(deployment.commit()).isEqualTo("abc123");
    assertThat(deployment.desired()).isEqualTo(Deployment.Desired.RUNNING);
    assertThat(deployment.definition()).isEqualTo(Definitions.flights("new"));
  }

  @Test
  void rowsPublishedBeforeAnyNode_waitForIt() throws Exception {
    PipelineId id = new PipelineId("aviation", "early");
    assertThat(control.apply(Definitions.flights("early")).status()).isEqualTo(200);
    String partition = Topics.partition(Topics.source(id, "departures"), 1);
    try (PartitionProducer producer =
        PartitionProducer.open(
            control.pulsar, partition, Optional.empty(), PartitionProducer.Access.SHARED)) {
      producer
          .send(
              Header.of(Header.Kind.ROWS, "test", "departures", 0, Optional.empty()),
              ByteBuffer.wrap(new byte[] {7}))
          .join();
    }
    URI stats =
        SharedPulsar.get()
            .adminUrl()
            .resolve("/admin/v2/" + partition.replace("://", "/") + "/stats");
    try (InputStream json = stats.toURL().openStream()) {
      JsonNode kept = new ObjectMapper().readTree(json).path("subscriptions").path("sagitta");
      assertThat(kept.path("msgBacklog").asInt()).isEqualTo(1);
    }
  }

  @Test
  void sameMeaning_isNoNewRevision() throws Exception {
    control.apply(Definitions.flights("same"));
    Reply again = control.apply("# a comment\n" + Definitions.flights("same"));
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("unchanged").asBoolean()).isTrue();
    assertThat(again.json().path("revision").asInt()).isEqualTo(1);
  }

  @Test
  void otherQuery_isTheNextRevisionAndKeepsState() throws Exception {
    control.apply(Definitions.flights("next"));
    String changed =
        Definitions.flights("next").replace("count(*) AS flights", "count(*) + 0 AS flights");
    JsonNode plan = control.plan(changed).json();
    assertThat(plan.path("runningRevision").asInt()).isEqualTo(1);
    assertThat(plan.path("changes")).hasSize(1);
    JsonNode change = plan.path("changes").path(0);
    assertThat(change.path("name").asText()).isEqualTo("by_origin");
    assertThat(change.path("action").asText()).isEqualTo("CHANGE");
    assertThat(change.path("state").asText()).isEqualTo("KEPT");
    assertThat(change.path("text").asText()).isEqualTo("other query");
    assertThat(plan.path("topics")).isEmpty();

    Reply applied = control.apply(changed);
    assertThat(applied.json().path("revision").asInt()).isEqualTo(2);
    assertThat(deployment(new PipelineId("aviation", "next")).definition()).isEqualTo(changed);
  }

  @Test
  void stateThatCannotBeCarried_isRefusedWithEveryReasonAndItsPlace() throws Exception {
    control.apply(Definitions.flights("carried"));
    String changed =
        Definitions.flights("carried")
            .replace("parallelism: 2", "parallelism: 3")
            .replace("within: 1h", "within: 2h")
            .replace("tumbling: 1h", "tumbling: 2h");
    Reply reply = control.apply(changed);
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().path("detail").asText())
        .contains("aviation/carried", "Delete the pipeline and apply it anew");
    List<String> messages =
        reply.json().path("errors").findValuesAsText("message").stream().toList();
    assertThat(messages)
        .anyMatch(m -> m.startsWith("parallelism cannot change from 2 to 3"))
        .anyMatch(m -> m.startsWith("the 'within' of stage 'once' cannot change"))
        .anyMatch(m -> m.startsWith("the window of stage 'by_origin' cannot change"))
        .hasSize(3);
    assertThat(reply.json().path("errors").path(0).path("line").asInt()).isEqualTo(6);
    assertThat(deployment(new PipelineId("aviation", "carried")).revision()).isEqualTo(1);
    assertThat(control.plan(changed).json().path("refusals")).hasSize(3);
  }

  @Test
  void invalidDefinition_isRefusedWithPlaces() throws Exception {
    Reply reply = control.apply(Definitions.flights("wrong").replace("units:", "unts:"));
    assertThat(reply.status()).isEqualTo(422);
    JsonNode error = reply.json().path("errors").path(0);
    assertThat(error.path("file").asText()).isEqualTo("flights.yaml");
    assertThat(error.path("line").asInt()).isEqualTo(20);
    assertThat(error.path("message").asText()).contains("units");
    assertThat(control.get("/api/v1/pipelines/aviation/wrong/status").status()).isEqualTo(404);
  }

  @Test
  void batch_isRefused() throws Exception {
    String batch =
        Definitions.flights("batch")
            .replace("mode: streaming", "mode: batch")
            .replace(
                "      type: http\n", "      type: file\n      path: a.csv\n      format: csv\n");
    Reply reply = control.apply(batch);
    assertThat(reply.status()).as(reply.body()).isEqualTo(422);
    assertThat(reply.body()).contains("sagitta run FILE");
  }

  @Test
  void streamThatNobodyPublishes_isRefused() throws Exception {
    Reply reply = control.apply(Definitions.reader("lonely", "nobody"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(422);
    assertThat(reply.body()).contains("nobody publishes this stream");
  }

  @Test
  void tables_arePublishedUnderTheirHash() throws Exception {
    PipelineId id = new PipelineId("aviation", "tabled");
    byte[] stream = airports("iata", "city");
    Reply reply =
        control.apply(
            Definitions.withTable("tabled"),
            Map.of("airports", Base64.getEncoder().encodeToString(stream)));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    String hash = deployment(id).tables().getOrDefault("airports", "");
    assertThat(hash).isEqualTo(TableTopic.hash(stream));
    assertThat(TableTopic.load(control.pulsar, id, "airports", hash)).isEqualTo(stream);
  }

  @Test
  void tableMissingOrOfOtherColumns_isRefused() throws Exception {
    Reply missing = control.apply(Definitions.withTable("untabled"));
    assertThat(missing.status()).isEqualTo(422);
    assertThat(missing.body()).contains("table 'airports': its content was not sent");
    Reply other =
        control.apply(
            Definitions.withTable("untabled"),
            Map.of("airports", Base64.getEncoder().encodeToString(airports("iata", "town"))));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.body()).contains("town Utf8");
  }

  @Test
  void tableWhoseBytesLie_isRefusedBeforeAnyNodeHasIt() throws Exception {
    byte[] stream = airports("iata", "city");
    String bytes = new String(stream, StandardCharsets.ISO_8859_1);
    byte[] noText =
        bytes.replace("LAX", "\u00ff\u00ff\u00ff").getBytes(StandardCharsets.ISO_8859_1);
    // The offsets 0 and 3 of the one value: it now ends far behind what was sent.
    byte[] beyond =
        bytes
            .replace("\0\0\0\0\u0003\0\0\0", "\0\0\0\0\u0003\0\0\u007f")
            .getBytes(StandardCharsets.ISO_8859_1);
    for (byte[] forged : List.of(noText, beyond)) {
      assertThat(forged).hasSameSizeAs(stream).isNotEqualTo(stream);
      Reply reply =
          control.apply(
              Definitions.withTable("forged"),
              Map.of("airports", Base64.getEncoder().encodeToString(forged)));
      assertThat(reply.status()).as(reply.body()).isEqualTo(422);
      assertThat(reply.body()).contains("table 'airports': its content: ");
    }
  }

  @Test
  void databaseTable_isTakenByEachApply() throws Exception {
    PipelineId id = new PipelineId("aviation", "asked");
    String url = "jdbc:duckdb:" + control.data.resolve("asked.duckdb");
    change(url, "CREATE TABLE airport (iata VARCHAR, city VARCHAR)");
    change(url, "INSERT INTO airport VALUES ('LAX', 'Los Angeles')");
    Reply first = control.apply(Definitions.withDatabaseTable("asked", "jdbc:duckdb:asked.duckdb"));
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    String before = deployment(id).tables().getOrDefault("airports", "");
    assertThat(TableTopic.load(control.pulsar, id, "airports", before)).isNotEmpty();

    Reply same = control.apply(Definitions.withDatabaseTable("asked", "jdbc:duckdb:asked.duckdb"));
    assertThat(same.json().path("unchanged").asBoolean()).isTrue();
    change(url, "INSERT INTO airport VALUES ('SFO', 'San Francisco')");
    Reply again = control.apply(Definitions.withDatabaseTable("asked", "jdbc:duckdb:asked.duckdb"));
    assertThat(again.json().path("revision").asInt()).as(again.body()).isEqualTo(2);
    assertThat(deployment(id).tables().getOrDefault("airports", "")).isNotEqualTo(before);
  }

  private static void change(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void applying_isAnEvent() throws Exception {
    control.apply(Definitions.flights("told"));
    String path = "/api/v1/pipelines/aviation/told/events";
    JsonNode events =
        Await.answer(
            "the event",
            () -> Optional.of(control.get(path).json()).filter(r -> !r.path("events").isEmpty()));
    assertThat(events.path("events").path(0).path("text").asText())
        .isEqualTo("revision 1 applied by Ada");
    Reply none = control.get(path + "?after=" + events.path("next").asText());
    assertThat(none.json().path("events")).isEmpty();
    assertThat(none.json().path("next")).isEqualTo(events.path("next"));
  }

  @Test
  void pauseAndResume_changeWhatIsDesired() throws Exception {
    PipelineId id = new PipelineId("aviation", "paused");
    control.apply(Definitions.flights("paused"));
    assertThat(control.post("/api/v1/pipelines/aviation/paused/pause", Map.of()).status())
        .isEqualTo(200);
    assertThat(deployment(id).desired()).isEqualTo(Deployment.Desired.PAUSED);
    assertThat(deployment(id).revision()).isEqualTo(1);
    control.post("/api/v1/pipelines/aviation/paused/resume", Map.of());
    assertThat(deployment(id).desired()).isEqualTo(Deployment.Desired.RUNNING);
    assertThat(control.post("/api/v1/pipelines/aviation/none/pause", Map.of()).status())
        .isEqualTo(404);
  }

  @Test
  void noBodyOrNoJson_isAClearAnswer() throws Exception {
    Reply reply = control.post("/api/v1/pipelines", Map.of("definition", 7));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(control.get("/api/v1/nothing").status()).isEqualTo(404);
    assertThat(control.get("/api/v1/pipelines/aviation/told/events?after=x").status())
        .isEqualTo(400);
  }

  private Deployment deployment(PipelineId id) {
    try (StateTopic<Deployment> deployments =
        StateTopic.open(control.pulsar, Topics.DEPLOYMENTS, Deployment.class)) {
      return deployments.get(id.toString()).orElseThrow();
    }
  }

  private static byte[] airports(String... columns) {
    Schema schema =
        new Schema(
            List.of(columns).stream()
                .map(c -> Field.nullable(c, ArrowType.Utf8.INSTANCE))
                .toList());
    try (RootAllocator allocator = new RootAllocator();
        VectorSchemaRoot rows = VectorSchemaRoot.create(schema, allocator)) {
      for (String column : columns) {
        VarCharVector vector = (VarCharVector) rows.getVector(column);
        vector.setSafe(0, new byte[] {'L', 'A', 'X'});
      }
      rows.setRowCount(1);
      return IpcCodec.toBytes(rows);
    }
  }
}
