package io.sagitta.control.events;

import io.dropwizard.lifecycle.Managed;
import io.sagitta.transport.Event;
import io.sagitta.transport.EventTopic;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Position;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest events of every pipeline, in memory; and where control says its own. Thread-safe. */
public final class EventTail implements Managed {
  /** How many events of one pipeline are kept. */
  public static final int KEPT = 500;

  private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);
  private static final String ORIGIN = "control";

  private final PulsarConnection connection;
  private final Clock clock;
  private final EventTopic topic;
  private final Map<PipelineId, Deque<Entry>> tails = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final Thread reader = new Thread(this::read, "control-events");
  private volatile boolean stopping;

  /**
   * An event and its place.
   *
   * @param place grows from event to event
   */
  public record Entry(Position place, Event event) {}

  /** Opens the topic; {@link #start} begins to read. */
  public EventTail(PulsarConnection connection, Clock clock) {
    this.connection = connection;
    this.clock = clock;
    this.topic = EventTopic.open(connection);
  }

  @Override
  public void start() {
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    Position last = new Position(-1, -1);
    try {
      while (!stopping) {
        PartitionReader.Start start =
            last.ledger() < 0
                ? new PartitionReader.Start.Earliest()
                : new PartitionReader.Start.After(last);
        try (PartitionReader events = PartitionReader.open(connection, Topics.EVENTS, start)) {
          while (!stopping) {
            Optional<Received> next = events.next(1000);
            if (next.isPresent()) {
              try (Received message = next.get()) {
                last = message.position();
                Position place = last;
                EventTopic.read(message).ifPresent(e -> keep(new Entry(place, e)));
              }
            }
          }
        } catch (TransportException e) {
          LOG.warn("Reading events begins anew: {}", e.getMessage());
          Thread.sleep(1000);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("Stops reading events");
    }
  }

  private void keep(Entry entry) {
    lock.lock();
    try {
      Deque<Entry> tail =
          tails.computeIfAbsent(
              new PipelineId(entry.event().tenant(), entry.event().pipeline()),
              id -> new ArrayDeque<>());
      tail.addLast(entry);
      if (tail.size() > KEPT) {
        tail.removeFirst();
      }
      came.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the events of {@code pipeline} behind {@code after}, oldest first; waits for one up to
   * {@code patience} if there is none.
   */
  public List<Entry> after(PipelineId pipeline, Position after, Duration patience)
      throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : tails.getOrDefault(pipeline, new ArrayDeque<>())) {
          if (entry.place().compareTo(after) > 0) {
            entries.add(entry);
          }
        }
        if (!entries.isEmpty() || left <= 0 || stopping) {
          return entries;
        }
        left = came.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Says what control did to {@code pipeline}. */
  public void say(PipelineId pipeline, String text) {
    LOG.info("{}: {}", pipeline, text);
    publish(pipeline, "INFO", text);
  }

  /** Says what control did to {@code pipeline} and somebody should see to. */
  public void warn(PipelineId pipeline, String text) {
    LOG.warn("{}: {}", pipeline, text);
    publish(pipeline, "WARN", text);
  }

  private void publish(PipelineId pipeline, String level, String text) {
    topic
        .publish(
            new Event(
                clock.instant().toString(),
                pipeline.tenant(),
                pipeline.name(),
                level,
                ORIGIN,
                text))
        .exceptionally(
            e -> {
              LOG.warn("An event of {} was not published: {}", pipeline, e.getMessage());
              return null;
            });
  }

  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    lock.lock();
    try {
      came.signalAll();
    } finally {
      lock.unlock();
    }
    reader.interrupt();
    reader.join(TimeUnit.SECONDS.toMillis(5));
    topic.close();
  }
}
