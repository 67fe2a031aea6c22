package io.sagitta.bench;

import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionProducer;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Pulsar's own latency: one producer at a steady pace, and one reader. */
final class RawPublishing {
  private static final String TOPIC = "persistent://bench/raw/publishing";
  private static final String SENT = "sent";

  private final BenchHouse house;
  private final ByteBuffer payload;
  private final int rowsPerMessage;
  private final ConcurrentLinkedQueue<Double> acknowledged = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Double> visible = new ConcurrentLinkedQueue<>();

  /** Publishes {@code payload}, an Arrow IPC stream. */
  RawPublishing(BenchHouse house, ByteBuffer payload, int rowsPerMessage)
      throws IOException, InterruptedException {
    this.house = house;
    this.payload = payload;
    this.rowsPerMessage = rowsPerMessage;
    house.createRawTopic(TOPIC);
  }

  /** From publishing to the broker's answer, in milliseconds. */
  Spread acknowledged() {
    return Spread.of(acknowledged);
  }

  /** From publishing to where a reader has it, in milliseconds. */
  Spread visible() {
    return Spread.of(visible);
  }

  /** Forgets what was measured so far. */
  void clear() {
    acknowledged.clear();
    visible.clear();
  }

  /** Publishes for {@code duration}. */
  void run(Duration duration) throws InterruptedException {
    long everyMicros = 1_000_000L * rowsPerMessage / LatencyBench.ROWS_PER_SECOND;
    try (PartitionReader reader =
            PartitionReader.open(house.connection(), TOPIC, new PartitionReader.Start.Latest());
        PartitionProducer producer =
            PartitionProducer.open(
                house.connection(), TOPIC, Optional.empty(), PartitionProducer.Access.SHARED)) {
      Thread reading = new Thread(() -> read(reader), "bench-reading");
      reading.start();
      CompletableFuture<?> last = CompletableFuture.completedFuture(null);
      Instant due = Instant.now();
      Instant end = due.plus(duration);
      while (due.isBefore(end)) {
        sleepUntil(due);
        long sent = micros(due);
        Header header =
            new Header(
                Header.Kind.ROWS,
                "bench",
                "bench",
                rowsPerMessage,
                Optional.empty(),
                Map.of(SENT, Long.toString(sent)));
        last =
            producer
                .send(header, payload.duplicate())
                .thenRun(() -> acknowledged.add((micros(Instant.now()) - sent) / 1e3));
        due = due.plus(everyMicros, ChronoUnit.MICROS);
      }
      last.join();
      reading.join();
    }
  }

  private void read(PartitionReader reader) {
    try {
      Optional<Received> next = reader.next(5_000);
      while (next.isPresent()) {
        try (Received message = next.get()) {
          long sent = Long.parseLong(message.header().extra().getOrDefault(SENT, "0"));
          visible.add((micros(Instant.now()) - sent) / 1e3);
        }
        next = reader.next(1_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static void sleepUntil(Instant due) {
    long left = Instant.now().until(due, ChronoUnit.NANOS);
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = Instant.now().until(due, ChronoUnit.NANOS);
    }
  }
}
