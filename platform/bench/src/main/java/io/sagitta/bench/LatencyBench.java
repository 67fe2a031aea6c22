package io.sagitta.bench;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** How long a row takes from its POST to where a reader of the stream has it, at low load. */
final class LatencyBench implements Measurement {
  static final int ROWS_PER_SECOND = 2_000;
  private static final int ROWS_PER_REQUEST = 10;
  private static final int CLIENTS = 20;
  private static final Duration WARM = Duration.ofSeconds(15);
  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final double GOAL_P50_MILLIS = 20;
  private static final double GOAL_P99_MILLIS = 40;

  private final Sample sample;

  LatencyBench(Sample sample) {
    this.sample = sample;
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void run(Report report) throws Exception {
    Pipeline pipeline = Pipeline.delayed();
    try (BenchHouse house = BenchHouse.start(true)) {
      PipelineId id = house.apply(pipeline);
      report.paragraph(
          "%,d rows a second in requests of %d rows (JSON lines), by %d named clients that wait for"
              + " each answer, against the plan of when each should be sent; the row is there when a"
              + " reader of the stream's topic has it, through gateway, node and broker, effectively"
              + " once. Pulsar's own figures are of one producer that publishes the same rows at the"
              + " same pace on the same broker, before and after. fsync on; %d s each after %d s to"
              + " warm up.",
          ROWS_PER_SECOND, ROWS_PER_REQUEST, CLIENTS, MEASURED.toSeconds(), WARM.toSeconds());
      RawPublishing raw =
          new RawPublishing(
              house,
              new Sample(sample.home(), ROWS_PER_REQUEST)
                  .payloads(pipeline.source(), ROWS_PER_REQUEST)
                  .get(0),
              ROWS_PER_REQUEST);
      report.progress("Pulsar alone");
      raw.run(WARM.dividedBy(2));
      raw.clear();
      raw.run(MEASURED.dividedBy(2));
      report.progress("the whole way");
      Spread whole = whole(house, id);
      report.progress("Pulsar alone, again");
      raw.run(MEASURED.dividedBy(2));
      report.table(table(raw, whole));
    }
  }

  private static MarkdownTable table(RawPublishing raw, Spread whole) {
    MarkdownTable table =
        new MarkdownTable("", "p50 ms", "p99 ms", "p50 × publish", "p99 × publish");
    row(table, "Pulsar: publish until acknowledged", raw.acknowledged(), raw.acknowledged());
    row(table, "Pulsar: publish until a reader has it", raw.visible(), raw.acknowledged());
    row(table, "Sagitta: POST until a reader of the stream has it", whole, raw.acknowledged());
    table.row("goal", GOAL_P50_MILLIS, GOAL_P99_MILLIS, "", "");
    return table;
  }

  private static void row(MarkdownTable table, String title, Spread spread, Spread publish) {
    table.row(
        title,
        spread.median(),
        spread.quantile(0.99),
        spread.median() / publish.median(),
        spread.quantile(0.99) / publish.quantile(0.99));
  }

  private static Spread whole(BenchHouse house, PipelineId id) throws Exception {
    PostingClients clients = new PostingClients(house.source(id), RowFormat.JSON_LINES.mediaType());
    Instant begin = Instant.now();
    Instant from = begin.plus(WARM);
    Instant until = from.plus(MEASURED);
    ExecutorService executor = Executors.newFixedThreadPool(CLIENTS + 1);
    try (PartitionReader reader =
        PartitionReader.open(
            house.connection(),
            Topics.partition(Topics.stream(id, "delayed"), 0),
            new PartitionReader.Start.Latest())) {
      Future<Spread> read = executor.submit(() -> read(reader, from, until));
      List<Future<?>> posted = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int nth = client;
        posted.add(
            executor.submit(
                () -> {
                  post(clients, nth, begin, until.plusSeconds(1));
                  return null;
                }));
      }
      for (Future<?> one : posted) {
        one.get();
      }
      return read.get();
    } finally {
      executor.shutdownNow();
    }
  }

  /** Posts at the client's own points in time; a late answer delays the next row's request. */
  private static void post(PostingClients clients, int nth, Instant begin, Instant end)
      throws Exception {
    long everyMicros = 1_000_000L * ROWS_PER_REQUEST * CLIENTS / ROWS_PER_SECOND;
    Instant due = begin.plus(everyMicros * nth / CLIENTS, ChronoUnit.MICROS);
    for (long number = 1; due.isBefore(end); number++) {
      RawPublishing.sleepUntil(due);
      clients.post("latency." + nth, number, body(due));
      due = due.plus(everyMicros, ChronoUnit.MICROS);
    }
  }

  private static byte[] body(Instant due) {
    String line =
        "{\"date\":\"%s\",\"delay\":12,\"distance\":954,\"origin\":\"LAS\",\"destination\":\"PHL\"}\n"
            .formatted(due.truncatedTo(ChronoUnit.MICROS));
    return line.repeat(ROWS_PER_REQUEST).getBytes(StandardCharsets.UTF_8);
  }

  private static Spread read(PartitionReader reader, Instant from, Instant until)
      throws InterruptedException {
    ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
    long fromMicros = RawPublishing.micros(from);
    long untilMicros = RawPublishing.micros(until);
    long seen = 0;
    try (RootAllocator allocator = new RootAllocator()) {
      while (seen < untilMicros) {
        Optional<Received> next = reader.next(10_000);
        long now = RawPublishing.micros(Instant.now());
        try (Received message = next.orElseThrow();
            VectorSchemaRoot rows = IpcCodec.decode(message.payload(), allocator)) {
          TimeStampMicroTZVector due = (TimeStampMicroTZVector) rows.getVector("date");
          for (int i = 0; i < rows.getRowCount(); i++) {
            seen = Math.max(seen, due.get(i));
            if (due.get(i) >= fromMicros && due.get(i) < untilMicros) {
              millis.add((now - due.get(i)) / 1e3);
            }
          }
        }
      }
    }
    return Spread.of(millis);
  }
}
