package io.sagitta.control.quarantine;

import io.sagitta.control.events.EventTail;
import io.sagitta.definition.Spec;
import io.sagitta.engine.Plan;
import io.sagitta.service.Problem;
import io.sagitta.transport.ExclusiveLog;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Provisioner;
import io.sagitta.transport.PulsarConnection;
import java.time.Clock;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Sends rows from quarantine back to the sources they came from, each effectively once: what the
 * log of replays has, does not go again, and what it has and Pulsar may not, is sent first.
 * Thread-safe; one replay of a pipeline at a time.
 *
 * <p>To a source a replayed row is a new row: it counts as come in once more, and the one in
 * quarantine stays counted there, so the ledger balances. It has the event time that it had, so
 * watermarks do not go back, and it may be late by now.
 */
public final class Replays {
  private static final int MOST_ROWS = 20_000;

  private final PulsarConnection connection;
  private final EventTail events;
  private final BufferAllocator allocator;
  private final Clock clock;
  private final QuarantineTopic topic;
  private final ReplayLog logs;

  /** Creates one; all parts stay the caller's. */
  public Replays(
      PulsarConnection connection,
      Provisioner provisioner,
      EventTail events,
      BufferAllocator allocator,
      Clock clock) {
    this.connection = connection;
    this.events = events;
    this.allocator = allocator;
    this.clock = clock;
    this.topic = new QuarantineTopic(connection, allocator);
    this.logs = new ReplayLog(connection, provisioner);
  }

  /**
   * Sends the rows back that {@code order} names, and returns when Pulsar has them.
   *
   * @throws io.sagitta.service.ProblemException if the order names none or makes no sense, or
   *     another replay of the pipeline is under way
   */
  public ReplayReport replay(PipelineId pipeline, Plan plan, ReplayOrder order)
      throws InterruptedException {
    Spec spec = plan.definition().spec();
    MendedRows mended = MendedRows.of(order, HiddenColumns.of(plan));
    NavigableSet<RowPlace> places = places(order);
    try (ExclusiveLog<ReplayRecord> log = logs.take(pipeline);
        ReplaySender sender = new ReplaySender(connection, allocator, clock, pipeline, spec, log)) {
      ReplayHistory history = logs.look(pipeline);
      long finished = sender.send(history.unsent());
      Picking picking =
          new Picking(spec, history, mended, allocator, this::partitions, pipeline, MOST_ROWS);
      read(pipeline, order, places, picking::take);
      if (!picking.hasMore()) {
        places.forEach(place -> picking.stays(place.toString(), "quarantine has no such row"));
      }
      List<ReplayRecord> records = picking.records(order.author(), clock.instant().toString());
      sender.recordAndSend(records);
      ReplayReport report = picking.report(finished);
      long rows = report.replayed() + finished;
      if (rows > 0) {
        events.say(
            pipeline,
            "%s replayed %d %s from quarantine"
                .formatted(order.author(), rows, rows == 1 ? "row" : "rows"));
      }
      return report;
    }
  }

  private int partitions(String source) {
    return connection.partitions(source);
  }

  /** Returns the places that are named; empty if rows are chosen by what they are. */
  private static NavigableSet<RowPlace> places(ReplayOrder order) {
    NavigableSet<RowPlace> places = new TreeSet<>();
    order.positions().forEach(position -> places.add(RowPlace.parse(position)));
    if (places.isEmpty() && !order.byKind()) {
      order.mended().forEach(row -> places.add(RowPlace.parse(row.position())));
    }
    if (places.isEmpty() == !order.byKind() || places.size() > MOST_ROWS) {
      throw Problem.of(
              400,
              "bad-selection",
              "Bad selection",
              places.size() > MOST_ROWS
                  ? "At most " + MOST_ROWS + " rows can be named."
                  : "Say which rows shall go back: some 'positions'; or those with a 'reason' or of a"
                      + " 'stage', or 'all'.")
          .exception();
    }
    return places;
  }

  /** Shows the rows that are asked for to {@code wantsMore}; takes found ones out of places. */
  private void read(
      PipelineId pipeline,
      ReplayOrder order,
      NavigableSet<RowPlace> places,
      Predicate<KeptRow> wantsMore)
      throws InterruptedException {
    if (order.byKind()) {
      topic.read(pipeline, Optional.empty(), row -> !order.isOfKind(row) || wantsMore.test(row));
      return;
    }
    RowPlace first = places.first();
    topic.read(
        pipeline,
        Optional.of(new RowPlace(first.message(), first.row() - 1)),
        row -> {
          if (places.remove(row.place())) {
            return wantsMore.test(row) && !places.isEmpty();
          }
          return row.place().compareTo(places.last()) < 0;
        });
  }
}
