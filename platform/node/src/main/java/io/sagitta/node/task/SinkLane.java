package io.sagitta.node.task;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SinkWriter;
import io.sagitta.transport.Position;
import io.sagitta.transport.TransportException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * One sink of one task, on a thread of its own: a slow sink fills its short queue, then the task
 * waits, then its input waits in Pulsar. A failed sink ends the task's session; its next one
 * repeats what was not committed.
 *
 * <p>A step is written only when its record is in the journal. Else its next owner, who knows
 * nothing of it, could give its number to other rows, which the sink would take for committed.
 */
final class SinkLane implements AutoCloseable {
  private static final int QUEUE = 4;
  private static final int POLL_MILLIS = 50;

  private record Offered(
      long step, List<VectorSchemaRoot> rows, CompletableFuture<Position> recorded) {

    void close() {
      rows.forEach(VectorSchemaRoot::close);
    }
  }

  private final String name;
  private final SinkWriter writer;
  private final Clock clock;
  private final BlockingQueue<Offered> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile long committed;
  private volatile boolean stopping;
  private volatile boolean flushing;
  private volatile Optional<ConnectorException> failure = Optional.empty();
  private Optional<Offered> unrecorded = Optional.empty();
  private long written;
  private boolean pending;

  /** Takes ownership of {@code writer}. */
  SinkLane(String name, SinkWriter writer, Clock clock) {
    this.name = name;
    this.writer = writer;
    this.clock = clock;
    this.committed = writer.committedStep();
    this.thread = new Thread(this::run, "sink-" + name);
  }

  void start() {
    thread.start();
  }

  /**
   * Hands over what a step has for this sink, perhaps nothing.
   *
   * @param rows owned by the lane from here on, also on failure
   * @param recorded completes when the step's record is in the journal
   */
  void offer(long step, List<VectorSchemaRoot> rows, CompletableFuture<Position> recorded)
      throws InterruptedException {
    Offered offered = new Offered(step, rows, recorded);
    try {
      while (!queue.offer(offered, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        check();
      }
    } catch (InterruptedException | RuntimeException e) {
      offered.close();
      throw e;
    }
  }

  /** Returns the last step whose rows, and all before, are committed. */
  long committed() {
    check();
    return committed;
  }

  /** Asks for a commit as soon as all that was offered is written. */
  void flush() {
    flushing = true;
  }

  private void check() {
    if (failure.isPresent()) {
      ConnectorException e = failure.get();
      throw new TransportException("Sink '" + name + "' failed: " + e.getMessage(), e);
    }
  }

  private void run() {
    try {
      while (!stopping) {
        Optional<Offered> recorded = nextRecorded();
        if (recorded.isPresent()) {
          write(recorded.get());
        }
        boolean waiting = !queue.isEmpty() || unrecorded.isPresent();
        if (pending && (writer.due(clock.instant(), waiting) || (flushing && !waiting))) {
          writer.commit(written);
          pending = false;
        }
        if (!pending && written > committed) {
          committed = written;
        }
      }
    } catch (ConnectorException e) {
      failure = Optional.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = Optional.of(new ConnectorException(String.valueOf(e.getMessage()), e));
    } finally {
      try {
        unrecorded.ifPresent(Offered::close);
        writer.close();
      } finally {
        ended.complete(null);
      }
    }
  }

  /** Completes when its thread holds no rows any more, which may be long after {@link #close}. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Returns what comes next, if that is recorded within a moment. */
  private Optional<Offered> nextRecorded() throws ConnectorException, InterruptedException {
    if (unrecorded.isEmpty()) {
      unrecorded = Optional.ofNullable(queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS));
    }
    if (unrecorded.isPresent()) {
      try {
        unrecorded.get().recorded().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        return Optional.empty();
      } catch (ExecutionException e) {
        throw new ConnectorException("a step was not recorded: " + e.getMessage(), e);
      }
    }
    Optional<Offered> next = unrecorded;
    unrecorded = Optional.empty();
    return next;
  }

  private void write(Offered offered) throws ConnectorException {
    try {
      if (offered.step() > writer.committedStep()) {
        for (VectorSchemaRoot rows : offered.rows()) {
          if (rows.getRowCount() > 0) {
            writer.write(offered.step(), rows);
            pending = true;
          }
        }
      }
      written = offered.step();
    } finally {
      offered.close();
    }
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    boolean interrupted = false;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    List<Offered> left = new ArrayList<>();
    queue.drainTo(left);
    left.forEach(Offered::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
