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
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that reads what another one's windows publish, and windows it again. */
class WindowedStreamIT {
  private static final String HOURS =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: hours, tenant: feeders}
      spec:
        mode: streaming
        sources:
          numbers:
            type: http
            schema: {id: {type: int64}, at: {type: timestamp}}
            event_time: {field: at}
        stages:
          hourly:
            type: sql
            inputs: [numbers]
            key: []
            window: {tumbling: 1h}
            query: SELECT count(*) AS n FROM numbers
        streams: {out: {inputs: [hourly]}}
      """;

  private static final String DAYS =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: days, tenant: feeders}
      spec:
        mode: streaming
        sources:
          hours:
            type: pulsar
            stream: feeders/hours/out@1
            schema:
              window_end: {type: timestamp}
              window_start: {type: timestamp}
              n: {type: int64}
              event_time: {type: timestamp}
            event_time: {field: event_time}
        stages:
          seen:
            type: sql
            inputs: [hours]
            query: SELECT n, window_start, hour(window_end) AS until FROM hours
          daily:
            type: sql
            inputs: [hours]
            key: []
            window: {tumbling: 1d}
            query: SELECT sum(n)::BIGINT AS n, min(window_start) AS since FROM hours
        streams: {seen: {inputs: [seen]}, daily: {inputs: [daily]}}
      """;

  @Test
  void windowsOfAnotherPipeline_haveTheirColumnsAndAreWindowedAgain(
      @TempDir Path data, @TempDir Path spill) throws Exception {
    try (LocalPulsar server = LocalPulsar.start(LocalPulsarOptions.in(data).withFsync(false));
        Provisioner provisioner = Provisioner.open(server.adminUrl().toString());
        PulsarConnection pulsar = PulsarConnection.open(server.brokerUrl(), 64 << 20);
        RootAllocator allocator = new RootAllocator();
        DuckEngine engine = new DuckEngine(256 << 20)) {
      provisioner.ensureSystem();
      TestPipeline hours = TestPipeline.of(provisioner, HOURS, 1);
      TestPipeline days = TestPipeline.of(provisioner, DAYS, 1);
      List<TaskSlot> tasks = new ArrayList<>(hours.startTasks(pulsar, engine, allocator, spill));
      tasks.addAll(days.startTasks(pulsar, engine, allocator, spill));
      FeederSlot feeder = days.startFeeder("hours", pulsar, allocator);
      publish(
          pulsar,
          hours.id,
          allocator,
          "2001-01-01T00:10:00Z",
          "2001-01-01T00:20:00Z",
          "2001-01-01T01:05:00Z",
          "2001-01-02T05:00:00Z",
          "2001-01-03T05:00:00Z",
          "2001-01-03T07:00:00Z");

      String seen = Topics.stream(days.id, "seen");
      assertThat(TestPipeline.rows(pulsar, seen, 4, allocator))
          .containsExactly(
              hour(1, "2001-01-01T01:00:00Z", 2, "2001-01-01T02:00:00Z"),
              hour(1, "2001-01-02T05:00:00Z", 6, "2001-01-02T06:00:00Z"),
              hour(1, "2001-01-03T05:00:00Z", 6, "2001-01-03T06:00:00Z"),
              hour(2, "2001-01-01T00:00:00Z", 1, "2001-01-01T01:00:00Z"));
      String daily = Topics.stream(days.id, "daily");
      assertThat(TestPipeline.rows(pulsar, daily, 2, allocator))
          .containsExactly(
              day(1, "2001-01-02T00:00:00Z", "2001-01-03T00:00:00Z"),
              day(3, "2001-01-01T00:00:00Z", "2001-01-02T00:00:00Z"));
      feeder.close();
      tasks.forEach(TaskSlot::stop);
      tasks.forEach(TaskSlot::close);
    }
  }

  private static String hour(int n, String start, int until, String end) {
    return "{\"n\":%d,\"window_start\":\"%s\",\"until\":%d,\"event_time\":\"%s\"}"
        .formatted(n, start, until, end);
  }

  /** In a windowed query {@code window_start} is its own window's, not the input's. */
  private static String day(int n, String start, String end) {
    return "{\"n\":%d,\"since\":\"%s\",\"window_start\":\"%s\",\"window_end\":\"%s\",\"event_time\":\"%s\"}"
        .formatted(n, start, start, end, end);
  }

  private static void publish(
      PulsarConnection pulsar, PipelineId pipeline, RootAllocator allocator, String... times) {
    Schema schema =
        new Schema(
            List.of(
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("at", WireSchemas.TIMESTAMP)));
    String topic = Topics.partition(Topics.source(pipeline, "numbers"), 0);
    try (VectorSchemaRoot rows = VectorSchemaRoot.create(schema, allocator);
        PartitionProducer producer =
            PartitionProducer.open(
                pulsar, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      for (int i = 0; i < times.length; i++) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(times[i]));
        ((BigIntVector) rows.getVector("id")).setSafe(i, i);
        ((TimeStampMicroTZVector) rows.getVector("at")).setSafe(i, micros);
      }
      rows.setRowCount(times.length);
      Header header =
          Header.of(Header.Kind.ROWS, "test", "numbers", times.length, Optional.empty());
      producer.send(header, IpcCodec.encode(rows)).join();
    }
  }
}
