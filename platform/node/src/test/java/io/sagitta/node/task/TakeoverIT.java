package io.sagitta.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.node.feed.TestPipeline;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionClaim;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SubscriptionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task whose next owner is handed messages from the middle of what is not finished, as a broker
 * does now and then when the owner of a busy partition changes: it begins where its journal says.
 */
final class TakeoverIT {
  private static final int IDS = 50;
  private static final String PIPELINE =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: takeover, tenant: tests}
      spec:
        mode: streaming
        sources:
          numbers:
            type: http
            schema:
              id: {type: int64, required: true}
              at: {type: timestamp, required: true}
            event_time: {field: at}
        stages:
          once: {type: dedupe, inputs: [numbers], key: [id], within: 1h}
        streams: {out: {inputs: [once]}}
      """;
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("at", WireSchemas.TIMESTAMP)));

  @Test
  @Timeout(120)
  void inputAcknowledgedByAnother_keysAreStillRemembered(@TempDir Path data, @TempDir Path spill)
      throws Exception {
    try (LocalPulsar server = LocalPulsar.start(LocalPulsarOptions.in(data).withFsync(false));
        Provisioner provisioner = Provisioner.open(server.adminUrl().toString());
        PulsarConnection pulsar = PulsarConnection.open(server.brokerUrl(), 64 << 20);
        PulsarClient other = PulsarClient.builder().serviceUrl(server.brokerUrl()).build();
        RootAllocator allocator = new RootAllocator();
        DuckEngine engine = new DuckEngine(256 << 20)) {
      provisioner.ensureSystem();
      TestPipeline pipeline = TestPipeline.of(provisioner, PIPELINE, 1);
      String input = Topics.partition(Topics.source(pipeline.id, "numbers"), 0);
      String exchange = Topics.partition(Topics.exchange(pipeline.id, "once"), 0);
      String output = Topics.stream(pipeline.id, "out");
      List<TaskSlot> tasks = pipeline.startTasks(pulsar, engine, allocator, spill);
      publish(pulsar, input, 0, IDS, allocator);
      assertThat(TestPipeline.rows(pulsar, output, IDS, allocator)).hasSize(IDS);
      tasks.forEach(TaskSlot::stop);
      tasks.forEach(TaskSlot::close);

      acknowledgeAll(other, input);
      acknowledgeAll(other, exchange);

      tasks = pipeline.startTasks(pulsar, engine, allocator, spill);
      publish(pulsar, input, 0, IDS + 1, allocator);
      assertThat(TestPipeline.rows(pulsar, output, IDS + 1, allocator)).hasSize(IDS + 1);
      tasks.forEach(TaskSlot::stop);
      tasks.forEach(TaskSlot::close);
    }
  }

  /** Publishes ids {@code from} until before {@code to}, a message each. */
  private static void publish(
      PulsarConnection pulsar, String topic, int from, int to, RootAllocator allocator) {
    try (PartitionProducer producer =
        PartitionProducer.open(pulsar, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      for (int id = from; id < to; id++) {
        try (VectorSchemaRoot rows = VectorSchemaRoot.create(SCHEMA, allocator)) {
          ((BigIntVector) rows.getVector("id")).setSafe(0, id);
          ((TimeStampMicroTZVector) rows.getVector("at")).setSafe(0, id * 1_000L);
          rows.setRowCount(1);
          Header header = Header.of(Header.Kind.ROWS, "test", "numbers", 1, Optional.empty());
          producer.send(header, IpcCodec.encode(rows)).join();
        }
      }
    }
  }

  /** Takes the partition for a moment and acknowledges every message that is there. */
  private static void acknowledgeAll(PulsarClient client, String topic)
      throws PulsarClientException {
    try (Consumer<byte[]> consumer =
        client
            .newConsumer()
            .topic(topic)
            .subscriptionName(PartitionClaim.SUBSCRIPTION)
            .subscriptionType(SubscriptionType.Failover)
            .subscribe()) {
      consumer.acknowledgeCumulative(consumer.getLastMessageIds().get(0));
    }
  }
}
