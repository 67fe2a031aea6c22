package io.sagitta.bench;

import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * One measurement of a relay over the same topics.
 *
 * @param rows how many rows go in
 * @param warmRows rows before measuring begins
 */
record HopRun(PulsarConnection connection, long brokerPid, long rows, long warmRows) {
  private static final int WAIT_MILLIS = 60_000;

  /** The relay alone: the ingest topic is full before it starts. */
  Progression.Cost relayAlone(HopTopics topics, List<HopTopics.Carried> in, Supplier<Relay> start)
      throws InterruptedException {
    topics.fill(in);
    try (Relay relay = start.get();
        Progression progression = Progression.of(brokerPid, relay::state)) {
      relay.await();
      return progression.costAfter(warmRows);
    }
  }

  /**
   * From a publisher into the ingest topic to a reader of the stream, all at work at once.
   *
   * @param rowsOut how many rows come out
   */
  Progression.Cost endToEnd(
      HopTopics topics, List<HopTopics.Carried> in, long rowsOut, Supplier<Relay> start)
      throws InterruptedException {
    AtomicLong seen = new AtomicLong();
    try (PartitionReader reader =
            PartitionReader.open(connection, topics.out(), new PartitionReader.Start.Earliest());
        Relay relay = start.get();
        Progression progression =
            Progression.of(
                brokerPid, () -> new Progression.State(rows * seen.get() / rowsOut, seen.get()))) {
      CompletableFuture<Void> read = CompletableFuture.runAsync(() -> read(reader, rowsOut, seen));
      topics.fill(in);
      relay.await();
      read.join();
      return progression.costAfter(warmRows);
    }
  }

  private static void read(PartitionReader reader, long rowsOut, AtomicLong seen) {
    try {
      while (seen.get() < rowsOut) {
        try (Received message = reader.next(WAIT_MILLIS).orElseThrow()) {
          seen.addAndGet(message.header().rows());
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted at " + seen + " of " + rowsOut + " rows", e);
    }
  }
}
