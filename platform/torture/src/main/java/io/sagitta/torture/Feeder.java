package io.sagitta.torture;

import io.sagitta.house.GatewayClient;
import io.sagitta.house.HouseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that posts numbered requests, each repeated until it is acknowledged, and writes down
 * what it sent. It goes on with the next request at its own pace; after an outage it does not try
 * to catch up.
 */
final class Feeder {
  private static final Duration REQUEST = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Shape shape;
  private final String source;
  private final String name;
  private final Rows rows;
  private final int rowsPerRequest;
  private final long periodNanos;
  private final GatewayClient gateway;
  private final History history;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile Optional<String> failure = Optional.empty();
  private final AtomicLong sentRows = new AtomicLong();

  /** Creates one, which starts with {@link #start}. */
  Feeder(
      Shape shape,
      String source,
      Rows rows,
      String name,
      Pace pace,
      GatewayClient gateway,
      History history) {
    this.shape = shape;
    this.source = source;
    this.name = name;
    this.rows = rows;
    this.rowsPerRequest = pace.rowsPerRequest();
    this.periodNanos = pace.period().toNanos();
    this.gateway = gateway.within(REQUEST, PATIENCE);
    this.history = history;
    this.thread = new Thread(this::run, "feeder-" + shape.name() + "-" + name);
  }

  /** How much a feeder sends at once, and how often. */
  record Pace(int rowsPerRequest, Duration period) {}

  void start() {
    thread.start();
  }

  private void run() {
    long sequence = 0;
    try {
      while (!stopping) {
        long begin = System.nanoTime();
        List<Rows.Row> batch = rows.next(rowsPerRequest);
        StringBuilder lines = new StringBuilder();
        batch.forEach(row -> lines.append(row.json()).append('\n'));
        long sent = System.currentTimeMillis();
        long acked = -1;
        try {
          gateway.post(shape.pipeline() + "/" + source, name, ++sequence, lines.toString());
          acked = System.currentTimeMillis();
        } finally {
          log(batch, sent, acked);
        }
        sentRows.addAndGet(batch.size());
        long left = periodNanos - (System.nanoTime() - begin);
        if (left > 0) {
          TimeUnit.NANOSECONDS.sleep(left);
        }
      }
    } catch (HouseException e) {
      failure =
          Optional.of(name + " into " + shape.pipeline() + "/" + source + ": " + e.getMessage());
    } catch (InterruptedException e) {
      failure = Optional.of(name + " was interrupted");
    }
  }

  private void log(List<Rows.Row> batch, long sent, long acked) {
    for (Rows.Row row : batch) {
      String json = row.json();
      history.add(
          "sent/" + shape.name(),
          "%s,\"source\":\"%s\",\"sent\":%d,\"acked\":%d}"
              .formatted(json.substring(0, json.length() - 1), source, sent, acked));
    }
  }

  /** Asks it to end after the request that is on its way. */
  void stop() {
    stopping = true;
  }

  /** Waits until it has ended; returns what went wrong. */
  Optional<String> join() throws InterruptedException {
    thread.join();
    return failure;
  }

  String source() {
    return source;
  }

  long sentRows() {
    return sentRows.get();
  }
}
