package io.sagitta.node.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.connectors.FencedException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SinkConnector;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.definition.Sink;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.node.feed.TestPipeline;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.TaskStatus;
import io.sagitta.transport.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A task whose sink does not answer: it goes to another node, and the first one comes back. */
final class StalledTaskIT {
  private static final int IDS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String PIPELINE =
      """
      apiVersion: sagitta/v1
      kind: Pipeline
      metadata: {name: stalled, tenant: tests}
      spec:
        mode: streaming
        sources:
          numbers:
            type: http
            schema:
              id: {type: int64, required: true}
              at: {type: timestamp, required: true}
            event_time: {field: at}
        sinks: {shelf: {type: parquet, inputs: [numbers], path: shelf}}
      """;
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("at", WireSchemas.TIMESTAMP)));

  /** A sink in memory, committed by compare-and-set, whose first write hangs until released. */
  private static final class Shelf implements SinkConnector {
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final List<Long> ids = new ArrayList<>();
    private boolean hung;
    private long committed;

    @Override
    public boolean serves(Sink sink) {
      return true;
    }

    @Override
    public Guarantee guarantee() {
      return Guarantee.EFFECTIVELY_ONCE;
    }

    @Override
    public synchronized SinkWriter open(
        Sink sink, Reach reach, String task, Schema schema, BufferAllocator allocator) {
      return new Writer(committed);
    }

    private synchronized boolean hangs() {
      boolean first = !hung;
      hung = true;
      return first;
    }

    synchronized List<Long> ids() {
      return List.copyOf(ids);
    }

    private synchronized void commit(long before, long step, List<Long> more)
        throws FencedException {
      if (committed != before) {
        throw new FencedException("Another owner has committed step " + committed);
      }
      committed = step;
      ids.addAll(more);
    }

    private final class Writer implements SinkWriter {
      private final List<Long> pending = new ArrayList<>();
      private long mine;
      private boolean slow;

      Writer(long mine) {
        this.mine = mine;
      }

      @Override
      public long committedStep() {
        return mine;
      }

      @Override
      public void write(long step, VectorSchemaRoot rows) {
        if (hangs()) {
          slow = true;
          boolean done = false;
          while (!done) {
            try {
              done = released.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              // A socket does not hear it either.
              done = false;
            }
          }
        }
        BigIntVector id = (BigIntVector) rows.getVector("id");
        for (int i = 0; i < rows.getRowCount(); i++) {
          pending.add(id.get(i));
        }
      }

      @Override
      public boolean due(Instant now, boolean waiting) {
        return true;
      }

      @Override
      public void commit(long step) throws FencedException {
        Shelf.this.commit(mine, step, pending);
        mine = step;
        pending.clear();
      }

      @Override
      public void close() {
        if (slow) {
          letGo.countDown();
        }
      }
    }
  }

  @Test
  @Timeout(120)
  void sinkHangs_anotherNodeGoesOnAndTheFirstComesBack(@TempDir Path data, @TempDir Path spill)
      throws Exception {
    Shelf shelf = new Shelf();
    try (LocalPulsar server = LocalPulsar.start(LocalPulsarOptions.in(data).withFsync(false));
        Provisioner provisioner = Provisioner.open(server.adminUrl().toString());
        PulsarConnection first = PulsarConnection.open(server.brokerUrl(), 64 << 20);
        PulsarConnection second = PulsarConnection.open(server.brokerUrl(), 64 << 20);
        RootAllocator allocator = new RootAllocator();
        DuckEngine engine = new DuckEngine(256 << 20)) {
      provisioner.ensureSystem();
      TestPipeline pipeline = TestPipeline.of(provisioner, PIPELINE, 1);
      List<TaskSlot> tasks =
          new ArrayList<>(
              pipeline.startTasks(first, engine, allocator, spill, "n1", List.of(shelf)));
      tasks.addAll(pipeline.startTasks(second, engine, allocator, spill, "n2", List.of(shelf)));
      publish(first, Topics.partition(Topics.source(pipeline.id, "numbers"), 0), allocator);

      int given = 0;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (shelf.ids().size() < IDS && System.nanoTime() < deadline) {
        for (TaskSlot task : tasks) {
          if (task.giveUpAfter(PATIENCE)) {
            given++;
            assertThat(task.status().map(TaskStatus::message).orElse(""))
                .contains("did not move for 2 s");
          }
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertThat(given).isPositive();
      shelf.released.countDown();
      assertThat(shelf.letGo.await(30, TimeUnit.SECONDS)).isTrue();
      tasks.forEach(TaskSlot::stop);
      tasks.forEach(TaskSlot::close);
      assertThat(shelf.ids()).containsExactlyElementsOf(LongStream.range(0, IDS).boxed().toList());
    }
  }

  /** Publishes ids from 0, a message each. */
  private static void publish(PulsarConnection pulsar, String topic, RootAllocator allocator) {
    try (PartitionProducer producer =
        PartitionProducer.open(pulsar, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      for (int id = 0; id < IDS; id++) {
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
}
