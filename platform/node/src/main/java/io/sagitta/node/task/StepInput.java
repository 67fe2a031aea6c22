package io.sagitta.node.task;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Progress;
import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.Header;
import io.sagitta.transport.Position;
import io.sagitta.transport.Received;
import io.sagitta.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Takes messages from a task's input, in their order and without a gap, and groups them into steps.
 */
final class StepInput implements AutoCloseable {
  /** Which message was the last one when the sender saw the source idle. */
  static final String AFTER = "after";

  /** What a sender says that saw none: no place is the next one, since more may have been here. */
  static final Position NOTHING = new Position(-1, -1);

  private static final int POLL_MILLIS = 20;
  private static final int REPLAY_TIMEOUT_MILLIS = 60_000;

  private final TaskSpec spec;
  private final TaskTopics.Input reader;
  private final BufferAllocator allocator;
  private final InputTrack track = new InputTrack();
  private Optional<Received> pushedBack = Optional.empty();
  private Optional<Position> taken = Optional.empty();
  private Optional<Long> behind = Optional.empty();

  /**
   * Messages of one step, decoded.
   *
   * @param arrivals the taker owns their batches
   */
  record Gathered(
      List<Arrival> arrivals, Position first, Position last, long firstOrdinal, long afterOrdinal) {

    boolean bringsRows() {
      return arrivals.stream().anyMatch(arrival -> !(arrival instanceof Arrival.Signal));
    }

    void close() {
      for (Arrival arrival : arrivals) {
        if (arrival instanceof Arrival.Rows rows) {
          rows.rows().close();
        } else if (arrival instanceof Arrival.Rejected rejected) {
          rejected.rejects().close();
        }
      }
    }
  }

  /**
   * Creates one.
   *
   * @param reader stands where the journal says; closed with this
   */
  StepInput(TaskSpec spec, TaskTopics.Input reader, BufferAllocator allocator) {
    this.spec = spec;
    this.reader = reader;
    this.allocator = allocator;
  }

  InputTrack track() {
    return track;
  }

  /** Returns where the next message stands, without taking it; empty if none came for a moment. */
  Optional<Position> peek() throws InterruptedException {
    if (pushedBack.isEmpty()) {
      pushedBack = receive(POLL_MILLIS);
    }
    if (pushedBack.isEmpty()) {
      behind = Optional.empty();
    }
    return pushedBack.map(Received::position);
  }

  /** Receives the next message that this session has not had. */
  private Optional<Received> receive(int timeoutMillis) throws InterruptedException {
    while (true) {
      Optional<Received> next = reader.next(timeoutMillis);
      if (next.isEmpty() || taken.isEmpty()) {
        return next;
      }
      Position here = next.get().position();
      if (here.mayFollow(taken.get())) {
        return next;
      }
      next.get().close();
      if (here.compareTo(taken.get()) > 0) {
        throw new TransportException(
            "The message at %s came after the one at %s: some between them did not"
                .formatted(here, taken.get()));
      }
    }
  }

  /**
   * Returns when the newest message that was taken was published, milliseconds since 1970; empty if
   * none waited behind it.
   */
  Optional<Long> behind() {
    return behind;
  }

  /** Takes what waits, up to the bounds; empty if nothing came for a moment. */
  Optional<Gathered> gather(Bounds bounds) throws InterruptedException {
    if (peek().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(take(bounds, Optional.empty()));
  }

  /** Takes all messages up to the one at {@code last}, which a journal has recorded. */
  Gathered gatherThrough(Position last) throws InterruptedException {
    return take(
        new Bounds(Long.MAX_VALUE, Long.MAX_VALUE, 1, Integer.MAX_VALUE), Optional.of(last));
  }

  private Gathered take(Bounds bounds, Optional<Position> through) throws InterruptedException {
    List<Arrival> arrivals = new ArrayList<>();
    long firstOrdinal = track.nextOrdinal();
    Optional<Position> first = Optional.empty();
    Optional<Position> last = Optional.empty();
    long rows = 0;
    long bytes = 0;
    boolean complete = false;
    try {
      while (rows < bounds.rows()
          && bytes < bounds.bytes()
          && (through.isEmpty() || !last.equals(through))) {
        Optional<Received> next = next(through.isPresent() ? REPLAY_TIMEOUT_MILLIS : 0);
        if (next.isEmpty()) {
          if (through.isPresent()) {
            throw new TransportException(
                "Messages up to " + through.get() + " are recorded but did not come again");
          }
          break;
        }
        try (Received message = next.get()) {
          if (through.isPresent() && message.position().compareTo(through.get()) > 0) {
            throw new TransportException(
                "A message at " + through.get() + " is recorded but not in the topic");
          }
          first = first.or(() -> Optional.of(message.position()));
          last = Optional.of(message.position());
          taken = last;
          behind = Optional.of(message.publishedMillis());
          rows += message.header().rows();
          bytes += message.payload().remaining();
          long ordinal = track.take(message.position());
          arrival(ordinal, message).ifPresent(arrivals::add);
        }
      }
      complete = true;
      return new Gathered(
          arrivals, first.orElseThrow(), last.orElseThrow(), firstOrdinal, track.nextOrdinal());
    } finally {
      if (!complete) {
        new Gathered(arrivals, new Position(0, 0), new Position(0, 0), 0, 0).close();
      }
    }
  }

  private Optional<Received> next(int timeoutMillis) throws InterruptedException {
    if (pushedBack.isPresent()) {
      Optional<Received> next = pushedBack;
      pushedBack = Optional.empty();
      return next;
    }
    return receive(timeoutMillis);
  }

  private Optional<Arrival> arrival(long ordinal, Received message) {
    Header header = message.header();
    boolean ofSource = spec.chain().head() instanceof Chain.Head.OfSource;
    String upstream = ofSource ? spec.id().local() : header.from();
    String input = ofSource ? spec.chain().name() : header.input();
    return switch (header.kind()) {
      case ROWS -> {
        VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator);
        Optional<Progress> progress = ofSource ? Optional.empty() : header.progress();
        yield Optional.of(new Arrival.Rows(ordinal, upstream, input, rows, progress));
      }
      case REJECTS ->
          Optional.of(
              new Arrival.Rejected(
                  ordinal, upstream, input, IpcCodec.decode(message.payload(), allocator)));
      case SIGNAL ->
          stale(message)
              ? Optional.empty()
              : header.progress().map(progress -> new Arrival.Signal(ordinal, upstream, progress));
    };
  }

  /**
   * Returns whether a sign of idleness came too late: rows came between what its sender saw and
   * itself. Only the very next place counts as proof, so that every owner judges alike.
   */
  private static boolean stale(Received message) {
    String after = message.header().extra().get(AFTER);
    if (after == null) {
      return false;
    }
    Position seen = Position.parse(after);
    Position here = message.position();
    return seen.ledger() != here.ledger() || seen.entry() + 1 != here.entry();
  }

  @Override
  public void close() {
    pushedBack.ifPresent(Received::close);
    pushedBack = Optional.empty();
    reader.close();
  }
}
