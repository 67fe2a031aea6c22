package io.sagitta.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Publishes into a stream's topic, as a task would. */
final class OutTopic {
  /** 2001-01-01T00:00:00Z. */
  static final long START_MICROS = 978_307_200_000_000L;

  static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.nullable("origin", ArrowType.Utf8.INSTANCE),
              Field.nullable("flights", new ArrowType.Int(32, true)),
              Field.nullable("event_time", WireSchemas.TIMESTAMP)));

  private OutTopic() {}

  /**
   * A row.
   *
   * @param second of its event time, behind 2001-01-01T00:00:00Z
   */
  record Row(String origin, int flights, int second) {
    String json() {
      return "{\"origin\":\"%s\",\"flights\":%d,\"event_time\":\"2001-01-01T%02d:%02d:%02dZ\"}"
          .formatted(origin, flights, second / 3600, second / 60 % 60, second % 60);
    }
  }

  /** Publishes a message with {@code rows}. */
  static void publish(PulsarConnection connection, PipelineId pipeline, int partition, Row... rows)
      throws Exception {
    publish(connection, pipeline, partition, encode(rows), rows.length);
  }

  static void publish(
      PulsarConnection connection, PipelineId pipeline, int partition, ByteBuffer bytes, int rows)
      throws Exception {
    String topic = Topics.partition(Topics.stream(pipeline, "out"), partition);
    try (PartitionProducer producer =
        PartitionProducer.open(
            connection, topic, Optional.empty(), PartitionProducer.Access.SHARED)) {
      Header header = Header.of(Header.Kind.ROWS, "kept/0", "kept", rows, Optional.empty());
      producer.send(header, bytes).get(20, TimeUnit.SECONDS);
    }
  }

  private static ByteBuffer encode(Row... rows) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, allocator)) {
      VarCharVector origins = (VarCharVector) root.getVector("origin");
      IntVector flights = (IntVector) root.getVector("flights");
      TimeStampMicroTZVector times = (TimeStampMicroTZVector) root.getVector("event_time");
      for (int i = 0; i < rows.length; i++) {
        origins.setSafe(i, rows[i].origin().getBytes(UTF_8));
        flights.setSafe(i, rows[i].flights());
        times.setSafe(i, START_MICROS + rows[i].second() * 1_000_000L);
      }
      root.setRowCount(rows.length);
      return IpcCodec.encode(root);
    }
  }
}
