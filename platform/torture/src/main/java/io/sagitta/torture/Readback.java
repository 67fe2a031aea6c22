package io.sagitta.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowEncoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.house.GatewayClient;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Reads what came out of a pipeline into the history: as any client does, and its quarantine. */
final class Readback {
  private static final int WAIT_MILLIS = 20_000;
  private static final int STILL_MILLIS = 6_000;

  private final Arena arena;
  private final PulsarConnection connection;
  private final BufferAllocator allocator;
  private final History history;
  private final Duration patience;

  /**
   * Creates one.
   *
   * @param patience how long sinks may take until they have all that they must
   */
  Readback(
      Arena arena,
      PulsarConnection connection,
      BufferAllocator allocator,
      History history,
      Duration patience) {
    this.arena = arena;
    this.connection = connection;
    this.allocator = allocator;
    this.history = history;
    this.patience = patience;
  }

  /** Reads all that {@code shape} gave, once its sinks have what they must. */
  void read(Shape shape, SentRows sent) throws InterruptedException, SQLException {
    awaitSinks(shape, sent);
    GatewayClient gateway = arena.gateway();
    for (Shape.Output output : shape.outputs()) {
      if (output.place() == Shape.Place.STREAM) {
        long[] place = {0};
        gateway.readAll(
            shape.pipeline() + "/" + output.name(),
            row -> history.add(output.file(shape), numbered(row, place[0]++)));
      } else {
        store(output).readAll(line -> history.add(output.file(shape), line));
      }
    }
    readQuarantine(shape);
  }

  private Store store(Shape.Output output) {
    return output.place() == Shape.Place.TABLE
        ? Store.ofTable(arena.postgres().url(), output.name())
        : Store.ofFolder(history.folder().resolve(output.name()));
  }

  /** Sinks commit some time after the ledger, so their counts must be full and stand still. */
  private void awaitSinks(Shape shape, SentRows sent) throws InterruptedException, SQLException {
    List<Shape.Output> sinks =
        shape.outputs().stream().filter(o -> o.place() != Shape.Place.STREAM).toList();
    long deadline = System.nanoTime() + patience.toNanos();
    List<Long> before = List.of();
    while (!sinks.isEmpty() && System.nanoTime() < deadline) {
      List<Long> counts = new ArrayList<>();
      boolean full = true;
      for (Shape.Output sink : sinks) {
        long count = store(sink).count();
        counts.add(count);
        full &= !(sink instanceof Shape.Output.EachRow) || count >= sent.good();
      }
      if (full && counts.equals(before)) {
        return;
      }
      before = counts;
      Thread.sleep(STILL_MILLIS);
    }
  }

  private static String numbered(JsonNode row, long place) {
    return ((ObjectNode) row).put("r", place).toString();
  }

  private void readQuarantine(Shape shape) throws InterruptedException {
    String topic = Topics.partition(Topics.quarantine(PipelineId.parse(shape.pipeline())), 0);
    try (PartitionReader reader =
        PartitionReader.open(connection, topic, new PartitionReader.Start.Earliest())) {
      while (reader.hasNext()) {
        Optional<Received> next = reader.next(WAIT_MILLIS);
        if (next.isEmpty()) {
          throw new TortureException(topic + " has rows and does not give them");
        }
        try (Received message = next.get()) {
          if (message.header().kind() == Header.Kind.ROWS) {
            readQuarantined(shape, message);
          }
        }
      }
    }
  }

  private void readQuarantined(Shape shape, Received message) {
    try (VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator)) {
      String lines =
          new String(RowEncoder.encode(rows, RowFormat.JSON_LINES), StandardCharsets.UTF_8);
      lines
          .lines()
          .filter(line -> !line.isBlank())
          .forEach(line -> history.add("quarantine/" + shape.name(), line));
    }
  }
}
