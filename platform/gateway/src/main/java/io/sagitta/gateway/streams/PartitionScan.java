package io.sagitta.gateway.streams;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.transport.Header;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Reads one partition on from a place, one message ahead. Not thread-safe; closing may come from
 * any thread.
 */
final class PartitionScan implements AutoCloseable {
  /** Few, since there are many readers and messages are large. */
  private static final int QUEUED = 2;

  private static final int PROBE_MILLIS = 10_000;

  private final PulsarConnection connection;
  private final String topic;
  private final BufferAllocator allocator;
  private final Runnable bell;
  private final PartitionReader reader;
  private CompletableFuture<Received> pending;
  private Cursor.Place place;
  private Optional<VectorSchemaRoot> batch = Optional.empty();
  private boolean checked;

  /**
   * Opens one; blocks.
   *
   * @param bell called from Pulsar's threads when a message has come
   */
  PartitionScan(
      PulsarConnection connection,
      String topic,
      Cursor.Place place,
      BufferAllocator allocator,
      Runnable bell) {
    this.connection = connection;
    this.topic = topic;
    this.place = place;
    this.allocator = allocator;
    this.bell = bell;
    this.checked = place.isStart();
    this.reader = PartitionReader.open(connection, topic, from(place), QUEUED);
    this.pending = ask();
  }

  private static PartitionReader.Start from(Cursor.Place place) {
    if (place.isStart()) {
      return new PartitionReader.Start.Earliest();
    }
    return place.isWhole()
        ? new PartitionReader.Start.After(place.message())
        : new PartitionReader.Start.At(place.message());
  }

  /** Returns the place behind the newest message of {@code topic}; blocks. */
  static Cursor.Place newest(PulsarConnection connection, String topic)
      throws InterruptedException {
    try (PartitionReader reader =
        PartitionReader.open(connection, topic, new PartitionReader.Start.LastMessage(), 1)) {
      if (!reader.hasNext()) {
        return Cursor.Place.START;
      }
      Optional<Received> last = reader.next(PROBE_MILLIS);
      try (Received message =
          last.orElseThrow(
              () -> new io.sagitta.transport.TransportException("The last message did not come"))) {
        return new Cursor.Place(message.position(), Cursor.Place.ALL);
      }
    }
  }

  private CompletableFuture<Received> ask() {
    CompletableFuture<Received> next = reader.nextAsync();
    var unused = next.whenComplete((message, e) -> bell.run());
    return next;
  }

  Cursor.Place place() {
    return place;
  }

  /** Returns whether {@link #batch()} has rows to give without waiting. */
  boolean isReady() {
    return batch.isPresent() || pending.isDone();
  }

  /** Returns whether there is more than {@link #isReady()} says. */
  CompletableFuture<Boolean> hasNext() {
    return reader.hasNextAsync();
  }

  /**
   * Returns whether the partition's newest message is not read yet. It may be on its way between
   * the client's queue and us, where {@link #hasNext} does not see it any more; or no longer kept.
   */
  CompletableFuture<Boolean> isBehind() {
    return reader.newestAsync().thenApply(this::isBefore);
  }

  private boolean isBefore(Position newest) {
    if (newest.entry() < 0 || place.isStart()) {
      return newest.entry() >= 0;
    }
    int order = newest.compareTo(place.message());
    return order > 0 || (order == 0 && !place.isWhole());
  }

  /**
   * Returns the batch that is being read, from row {@link #row()} on; empty if none is there yet.
   *
   * @throws ProblemException 410 if rows behind the place are no longer kept
   */
  Optional<VectorSchemaRoot> batch() {
    while (batch.isEmpty() && pending.isDone()) {
      CompletableFuture<Received> arrived = pending;
      pending = new CompletableFuture<>(); // of nothing, until this message has been read
      try (Received message = received(arrived)) {
        int row = check(message.position());
        if (message.header().kind() != Header.Kind.ROWS) {
          place = new Cursor.Place(message.position(), Cursor.Place.ALL);
          pending = ask();
          continue;
        }
        VectorSchemaRoot root = IpcCodec.decode(message.payload(), allocator);
        place = new Cursor.Place(message.position(), row);
        batch = Optional.of(root);
        advance(0);
      }
      pending = ask();
    }
    return batch;
  }

  private Received received(CompletableFuture<Received> arrived) {
    try {
      return arrived.join();
    } catch (CompletionException e) {
      throw new io.sagitta.transport.TransportException(
          "Cannot read " + topic + ": " + e.getMessage(), e);
    }
  }

  /** Returns the first row of the message at {@code first} to read. */
  private int check(Position first) {
    if (checked) {
      return 0;
    }
    checked = true;
    if (!place.isWhole()) {
      if (!first.equals(place.message())) {
        throw gone();
      }
      return place.row();
    }
    // Whole ledgers are deleted, oldest first: what follows is complete if the place still exists.
    if (first.ledger() != place.message().ledger() && !exists(place.message())) {
      throw gone();
    }
    return 0;
  }

  private boolean exists(Position position) {
    try (PartitionReader probe =
        PartitionReader.open(connection, topic, new PartitionReader.Start.At(position), 1)) {
      Optional<Received> first = probe.next(PROBE_MILLIS);
      if (first.isEmpty()) {
        return false;
      }
      try (Received message = first.get()) {
        return message.position().equals(position);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static ProblemException gone() {
    return Problem.of(
            410,
            "cursor-too-old",
            "Cursor too old",
            "The stream no longer keeps what comes next after this cursor, so rows may be lost to"
                + " you. Start anew without a cursor, with the oldest rows there are.")
        .exception();
  }

  int row() {
    return place.row();
  }

  /** Marks {@code rows} more rows of the batch as read, and lets go of it behind the last one. */
  void advance(int rows) {
    VectorSchemaRoot root = batch.orElseThrow();
    int next = place.row() + rows;
    if (next >= root.getRowCount()) {
      root.close();
      batch = Optional.empty();
      place = new Cursor.Place(place.message(), Cursor.Place.ALL);
    } else {
      place = new Cursor.Place(place.message(), next);
    }
  }

  /** Hands the whole batch over, if no row of it has been read; it is read then. */
  VectorSchemaRoot take() {
    VectorSchemaRoot root = batch.orElseThrow();
    batch = Optional.empty();
    place = new Cursor.Place(place.message(), Cursor.Place.ALL);
    return root;
  }

  @Override
  public void close() {
    var unused = pending.thenAccept(Received::close);
    batch.ifPresent(VectorSchemaRoot::close);
    batch = Optional.empty();
    reader.close();
  }
}
