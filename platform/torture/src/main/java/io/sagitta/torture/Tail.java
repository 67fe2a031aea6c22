package io.sagitta.torture;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.TransportException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Reads along with one partition while the run goes on, and notes when which row and which
 * watermark came by. It may miss messages of an exchange, which go once they are acknowledged.
 */
final class Tail implements AutoCloseable {
  private static final int WAIT_MILLIS = 500;

  private final PulsarConnection connection;
  private final String topic;
  private final Optional<String> arrivals;
  private final History history;
  private final BufferAllocator allocator;
  private final Map<String, Long> watermarks = new HashMap<>();
  private final Thread thread;
  private volatile boolean stopping;

  /**
   * Creates one, which starts with {@link #start}.
   *
   * @param topic a partition
   * @param arrivals the shape whose rows these are, if they are rows of a feeder
   */
  Tail(
      PulsarConnection connection,
      String topic,
      Optional<String> arrivals,
      BufferAllocator allocator,
      History history) {
    this.connection = connection;
    this.topic = topic;
    this.arrivals = arrivals;
    this.allocator = allocator;
    this.history = history;
    this.thread = new Thread(this::run, "tail-" + topic);
  }

  void start() {
    thread.start();
  }

  private void run() {
    PartitionReader.Start start = new PartitionReader.Start.Earliest();
    while (!stopping) {
      try (PartitionReader reader = PartitionReader.open(connection, topic, start)) {
        while (!stopping) {
          Optional<Received> next = reader.next(WAIT_MILLIS);
          if (next.isPresent()) {
            try (Received message = next.get()) {
              start = new PartitionReader.Start.After(note(message));
            }
          }
        }
      } catch (TransportException e) {
        history.event("tail", event -> event.put("topic", topic).put("says", e.getMessage()));
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Position note(Received message) {
    Header header = message.header();
    header.progress().ifPresent(p -> noteWatermark(header.from(), p.watermarkMicros()));
    if (arrivals.isPresent() && header.kind() == Header.Kind.ROWS) {
      noteRows(arrivals.get(), message);
    }
    return message.position();
  }

  private void noteWatermark(String sender, long watermark) {
    Long before = watermarks.put(sender, watermark);
    if (!Objects.equals(before, watermark) && watermark != Long.MIN_VALUE) {
      history.add(
          "watermarks",
          "{\"t\":%d,\"topic\":\"%s\",\"sender\":\"%s\",\"watermark\":%d}"
              .formatted(System.currentTimeMillis(), topic, sender, watermark));
    }
  }

  private void noteRows(String shape, Received message) {
    Map<String, Long> last = new HashMap<>();
    try (VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator)) {
      VarCharVector feeder = (VarCharVector) rows.getVector("feeder");
      BigIntVector n = (BigIntVector) rows.getVector("n");
      for (int i = 0; i < rows.getRowCount(); i++) {
        last.merge(String.valueOf(feeder.getObject(i)), n.get(i), Math::max);
      }
    }
    long now = System.currentTimeMillis();
    last.forEach(
        (feeder, n) ->
            history.add(
                "arrivals/" + shape,
                "{\"t\":%d,\"part\":\"%s\",\"feeder\":\"%s\",\"n\":%d}"
                    .formatted(now, topic, feeder, n)));
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
