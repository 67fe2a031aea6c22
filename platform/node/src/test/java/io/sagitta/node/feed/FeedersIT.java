package io.sagitta.node.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.node.task.TaskSlot;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedersIT {
  private static final String FOREIGN = "persistent://foreign/topics/";

  private final Path folder;
  private final LocalPulsar server;
  private final Provisioner provisioner;
  private final PulsarConnection pulsar;
  private final RootAllocator allocator = new RootAllocator();

  FeedersIT(@TempDir Path data, @TempDir Path folder) {
    this.folder = folder;
    server = LocalPulsar.start(LocalPulsarOptions.in(data).withFsync(false));
    provisioner = Provisioner.open(server.adminUrl().toString());
    pulsar = PulsarConnection.open(server.brokerUrl(), 64 << 20);
  }

  @BeforeAll
  void foreignNamespace() {
    provisioner.ensureSystem();
    provisioner.ensurePipeline(new PipelineId("foreign", "topics"), Duration.ofDays(1));
  }

  @AfterAll
  void stop() {
    pulsar.close();
    provisioner.close();
    server.close();
    allocator.close(); // fails if anything leaked
  }

  @Test
  void followedFolder_feederKilledBetweenAnyTwoSteps_eachRowOnce() throws Exception {
    drop("a.csv", 0, 3);
    drop("b.csv", 3, 6);
    TestPipeline pipeline =
        TestPipeline.of(
            provisioner,
            definition("followed", "{type: file, path: PATH, format: csv, follow: true, SCHEMA}"),
            1);
    int killed =
        Kills.feed(
            server.brokerUrl(),
            pipeline.feed("numbers"),
            on -> TestPipeline.sources().get(0),
            allocator,
            feeder -> {
              if (feeder == 4) {
                drop("0.csv", 6, 9); // sorts before what was read
              }
            });
    assertThat(killed).isGreaterThan(5);
    assertThat(numbers(Topics.source(pipeline.id, "numbers"), 9)).isEqualTo(ids(0, 9));
  }

  @Test
  void endOfFiles_closesTheLastWindow() throws Exception {
    Path file = folder.resolve("day.csv");
    Files.writeString(
        file, "id,at\n1,2026-01-01T00:10:00Z\n2,2026-01-01T00:50:00Z\n3,2026-01-01T01:30:00Z\n");
    TestPipeline pipeline =
        TestPipeline.of(
            provisioner,
            """
            apiVersion: sagitta/v1
            kind: Pipeline
            metadata: {name: ended, tenant: feeders}
            spec:
              mode: streaming
              parallelism: 2
              sources:
                numbers:
                  type: file
                  path: PATH
                  format: csv
                  schema: {id: {type: int64}, at: {type: timestamp}}
                  event_time: {field: at}
              stages:
                hourly:
                  type: sql
                  inputs: [numbers]
                  key: []
                  window: {tumbling: 1h}
                  query: SELECT count(*) AS n FROM numbers
              streams: {out: {inputs: [hourly], retain: 1d}}
            """
                .replace("PATH", file.toString()),
            1);
    try (DuckEngine engine = new DuckEngine(256 << 20)) {
      FeederSlot feeder = pipeline.startFeeder("numbers", pulsar, allocator);
      List<TaskSlot> tasks = pipeline.startTasks(pulsar, engine, allocator, folder);
      List<String> windows =
          TestPipeline.rows(pulsar, Topics.stream(pipeline.id, "out"), 2, allocator);
      stop(feeder, tasks);
      assertThat(windows.stream().map(w -> w.substring(0, w.indexOf(",\"window_end"))))
          .containsExactly(
              "{\"n\":1,\"window_start\":\"2026-01-01T01:00:00Z\"",
              "{\"n\":2,\"window_start\":\"2026-01-01T00:00:00Z\"");
    }
  }

  @Test
  void batchedMessages_feederKilledBetweenAnyTwoSteps_eachRowOnceAndBadOnesInQuarantine()
      throws Exception {
    String topic = FOREIGN + "json";
    provisioner.ensureTopic(topic, 1);
    sendBatch(
        topic + "-partition-0",
        "{\"id\":0}",
        """
        {"id":1}
        {"id":2}""",
        "nonsense",
        "[{\"id\":3},{\"id\":\"x\"}]",
        "{\"id\":4}",
        "",
        "{\"id\":5}");
    TestPipeline pipeline =
        TestPipeline.of(
            provisioner,
            definition("batched", "{type: pulsar, topic: \"" + topic + "\", format: json, SCHEMA}"),
            1);
    int killed =
        Kills.feed(
            server.brokerUrl(),
            pipeline.feed("numbers"),
            on -> new TopicSourceConnector(on, pipeline.id, 0, 2),
            allocator,
            feeder -> {
              if (feeder == 6) {
                sendBatch(topic + "-partition-0", "{\"id\":6}", "{\"id\":7}", "{\"id\":8}");
              }
            });
    assertThat(killed).isGreaterThan(5);
    List<String> all =
        TestPipeline.rows(pulsar, Topics.source(pipeline.id, "numbers"), 11, allocator);
    List<String> bad = all.stream().filter(r -> r.contains("\"reason\"")).toList();
    assertThat(
            all.stream()
                .filter(r -> !r.contains("\"reason\""))
                .map(FeedersIT::id)
                .sorted()
                .toList())
        .isEqualTo(ids(0, 9));
    assertThat(bad).hasSize(2);
    assertThat(bad).anyMatch(r -> r.contains("unreadable") && r.contains("message "));
    assertThat(bad).anyMatch(r -> r.contains("wrong_type") && r.contains(":3: "));
  }

  @Test
  void foreignTopics_writtenByOneAndReadByAnother_eachRowOnceOverACrash() throws Exception {
    provisioner.ensurePlainTopic(FOREIGN + "lines");
    provisioner.ensureTopic(FOREIGN + "batches", 2);
    TestPipeline writer =
        TestPipeline.of(
            provisioner,
            """
            apiVersion: sagitta/v1
            kind: Pipeline
            metadata: {name: writer, tenant: feeders}
            spec:
              mode: streaming
              sources: {numbers: {type: http, schema: {id: {type: int32}, name: {type: string}}}}
              stages: {all: {type: sql, inputs: [numbers], query: "SELECT id, name FROM numbers"}}
              sinks:
                lines: {type: pulsar, inputs: [all], topic: "FOREIGNlines", format: json}
                batches: {type: pulsar, inputs: [all], topic: "FOREIGNbatches"}
            """
                .replace("FOREIGN", FOREIGN),
            1);
    TestPipeline reader =
        TestPipeline.of(
            provisioner,
            definition("reader", "{type: pulsar, topic: \"" + FOREIGN + "batches\", SCHEMA}"),
            2);
    try (DuckEngine engine = new DuckEngine(256 << 20)) {
      post(writer.id, 0, 4);
      PulsarConnection doomed = PulsarConnection.open(server.brokerUrl(), 16 << 20);
      List<TaskSlot> dying = writer.startTasks(doomed, engine, allocator, folder);
      assertThat(numbers(FOREIGN + "lines", 4)).isEqualTo(ids(0, 4));
      doomed.close();
      dying.forEach(TaskSlot::close);
      post(writer.id, 4, 6);
      List<TaskSlot> tasks = writer.startTasks(pulsar, engine, allocator, folder);
      tasks.addAll(reader.startTasks(pulsar, engine, allocator, folder));
      FeederSlot feeder = reader.startFeeder("numbers", pulsar, allocator);
      assertThat(numbers(FOREIGN + "lines", 6)).isEqualTo(ids(0, 6));
      assertThat(numbers(FOREIGN + "batches", 6)).isEqualTo(ids(0, 6));
      assertThat(numbers(Topics.stream(reader.id, "out"), 6)).isEqualTo(ids(0, 6));
      stop(feeder, tasks);
    }
  }

  @Test
  void streamOfAnotherPipeline_isReadFromAllItsPartitions() throws Exception {
    PipelineId publisher = new PipelineId("feeders", "publisher");
    provisioner.ensurePipeline(publisher, Duration.ofDays(1));
    provisioner.ensureTopic(Topics.stream(publisher, "out"), 2);
    TestPipeline reader =
        TestPipeline.of(
            provisioner,
            definition("streamed", "{type: pulsar, stream: feeders/publisher/out, SCHEMA}"),
            2);
    publish(Topics.partition(Topics.stream(publisher, "out"), 0), 0, 2);
    publish(Topics.partition(Topics.stream(publisher, "out"), 1), 2, 4);
    FeederSlot feeder = reader.startFeeder("numbers", pulsar, allocator);
    assertThat(numbers(Topics.source(reader.id, "numbers"), 4)).isEqualTo(ids(0, 4));
    feeder.close();
  }

  private String definition(String name, String source) {
    return """
        apiVersion: sagitta/v1
        kind: Pipeline
        metadata: {name: NAME, tenant: feeders}
        spec:
          mode: streaming
          parallelism: 2
          sources: {numbers: SOURCE}
          stages: {all: {type: sql, inputs: [numbers], query: SELECT id FROM numbers}}
          streams: {out: {inputs: [all], retain: 1d}}
        """
        .replace("NAME", name)
        .replace("SOURCE", source)
        .replace("PATH", folder.resolve("in").toString())
        .replace("SCHEMA", "schema: {id: {type: int64}}");
  }

  private void drop(String name, int from, int to) throws Exception {
    Path in = Files.createDirectories(folder.resolve("in"));
    StringBuilder text = new StringBuilder("id\n");
    IntStream.range(from, to).forEach(id -> text.append(id).append('\n'));
    Path unfinished = in.resolve(name + ".tmp");
    Files.writeString(unfinished, text);
    Files.move(unfinished, in.resolve(name));
  }

  /** Sends messages that share one entry of the ledger. */
  private void sendBatch(String topic, String... messages) throws Exception {
    try (PulsarClient client = PulsarClient.builder().serviceUrl(server.brokerUrl()).build();
        Producer<byte[]> producer =
            client
                .newProducer()
                .topic(topic)
                .enableBatching(true)
                .batchingMaxPublishDelay(1, TimeUnit.MINUTES)
                .create()) {
      for (String message : messages) {
        var unused = producer.sendAsync(message.getBytes(StandardCharsets.UTF_8));
      }
      producer.flush();
    }
  }

  private void post(PipelineId id, int from, int to) {
    publish(Topics.partition(Topics.source(id, "numbers"), 0), from, to);
  }

  /** Publishes numbers as int32, each beside its name, a column not everybody wants. */
  private void publish(String topic, int from, int to) {
    Schema schema =
        new Schema(
            List.of(
                Field.nullable("id", new ArrowType.Int(32, true)),
                Field.nullable("name", ArrowType.Utf8.INSTANCE),
                Field.nullable("event_time", WireSchemas.TIMESTAMP)));
    try (VectorSchemaRoot rows = VectorSchemaRoot.create(schema, allocator);
        PartitionProducer producer =
            PartitionProducer.open(
                pulsar, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      for (int id = from; id < to; id++) {
        ((IntVector) rows.getVector("id")).setSafe(id - from, id);
        ((VarCharVector) rows.getVector("name"))
            .setSafe(id - from, ("n" + id).getBytes(StandardCharsets.UTF_8));
        ((TimeStampMicroTZVector) rows.getVector("event_time")).setSafe(id - from, id);
      }
      rows.setRowCount(to - from);
      Header header = Header.of(Header.Kind.ROWS, "test", "numbers", to - from, Optional.empty());
      producer.send(header, IpcCodec.encode(rows)).join();
    }
  }

  private List<Integer> numbers(String topic, int count) throws Exception {
    List<Integer> ids = new ArrayList<>();
    TestPipeline.rows(pulsar, topic, count, allocator).forEach(row -> ids.add(id(row)));
    return ids.stream().sorted().toList();
  }

  private static int id(String row) {
    return Integer.parseInt(row.replaceAll(".*\"id\":(\\d+).*", "$1"));
  }

  private static List<Integer> ids(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static void stop(FeederSlot feeder, List<TaskSlot> tasks) {
    feeder.close();
    tasks.forEach(TaskSlot::stop);
    tasks.forEach(TaskSlot::close);
  }
}
