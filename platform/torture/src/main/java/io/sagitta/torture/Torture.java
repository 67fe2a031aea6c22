package io.sagitta.torture;

import io.sagitta.house.GatewayClient;
import io.sagitta.house.HouseException;
import io.sagitta.transport.PipelineId;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Topics;
import io.sagitta.transport.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * One run: a platform of processes of its own, rows fed into it while faults are injected, and the
 * check of what came out.
 */
public final class Torture {
  private static final int ROWS_PER_REQUEST = 50;
  private static final int LAST_ROWS_MILLIS = 5_000;
  private static final int LOOK_MILLIS = 200;

  private final TortureOptions options;
  private final Consumer<String> say;
  private final List<Shape> shapes;
  private final List<Finding> failures = new ArrayList<>();
  private boolean complete;

  private Torture(TortureOptions options, Consumer<String> say) {
    this.options = options;
    this.say = say;
    this.shapes = options.shapes().stream().map(name -> Shapes.named(name).orElseThrow()).toList();
  }

  /** Does what {@code options} say and tells {@code say}, line by line, how it goes. */
  public static Verdict run(TortureOptions options, Consumer<String> say)
      throws InterruptedException, IOException, SQLException {
    return new Torture(options, say).run();
  }

  private Verdict run() throws InterruptedException, IOException, SQLException {
    Map<FaultKind, String> impossible = Faults.impossible(options, shapes);
    List<FaultKind> possible =
        options.faults().stream().filter(kind -> !impossible.containsKey(kind)).toList();
    FaultPlan plan = FaultPlan.of(options.seed(), possible, options.duration());
    Map<FaultKind, Integer> injected = Map.of();
    Files.createDirectories(options.folder());
    try (History history = new History(options.folder())) {
      history.event(
          "run", event -> event.put("seed", options.seed()).put("options", options.toString()));
      try (Arena arena = new Arena(options, shapes);
          Faults faults = new Faults(arena, options, history)) {
        faults.prepare(possible);
        say.accept("Starting a broker, control, a gateway and " + options.nodes() + " nodes …");
        arena.start();
        try (BufferAllocator allocator = new RootAllocator();
            PulsarConnection connection = arena.pulsar()) {
          attack(arena, faults, plan, connection, allocator, history);
          injected = faults.injected();
          finish(arena, connection, allocator, history);
        }
      } catch (HouseException | TortureException | TransportException e) {
        history.event("failure", event -> event.put("says", e.toString()));
        failures.add(Finding.failure("run", "goes on to its end", e.toString()));
      }
    }
    say.accept("Checking with plain DuckDB …");
    List<Finding> findings = new ArrayList<>(failures);
    if (complete) {
      findings.addAll(Checker.check(options.folder(), shapes));
    }
    List<Verdict.Recovery> recoveries = Recoveries.in(options.folder());
    return new Verdict(
        findings,
        injected,
        impossible,
        recoveries,
        Verdict.Figures.of(recoveries),
        MemorySlopes.in(options.folder()));
  }

  private void attack(
      Arena arena,
      Faults faults,
      FaultPlan plan,
      PulsarConnection connection,
      BufferAllocator allocator,
      History history)
      throws InterruptedException, SQLException {
    List<Tail> tails = tails(connection, allocator, history);
    List<Feeder> feeders = feeders(arena, history);
    try (MemoryWatch memory = new MemoryWatch(arena, history);
        TableChanges changes = new TableChanges(arena.postgresUrl(), history)) {
      memory.start();
      if (arena.tableChanges()) {
        changes.start();
      }
      tails.forEach(Tail::start);
      feeders.forEach(Feeder::start);
      long end = System.nanoTime() + options.duration().toNanos();
      int number = 0;
      for (FaultPlan.Planned fault : plan.faults()) {
        leaveAlone(arena, history, fault.pause().toMillis());
        say.accept(
            "  %d/%d %s, %.1f s"
                .formatted(
                    ++number,
                    plan.faults().size(),
                    fault.kind().word(),
                    fault.lasts().toMillis() / 1e3));
        faults.inject(fault);
      }
      leaveAlone(arena, history, Math.max(LAST_ROWS_MILLIS, (end - System.nanoTime()) / 1_000_000));
      arena.house().awaitReady();
    } finally {
      feeders.forEach(Feeder::stop);
      for (Feeder feeder : feeders) {
        feeder
            .join()
            .ifPresent(
                says -> failures.add(Finding.failure("feeder", "every request is taken", says)));
      }
      tails.forEach(Tail::close);
      history.event(
          "fed", event -> event.put("rows", feeders.stream().mapToLong(Feeder::sentRows).sum()));
      history.flush();
    }
  }

  /** Does nothing for a while, except to start again what ended by itself. */
  private static void leaveAlone(Arena arena, History history, long millis)
      throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < deadline) {
      for (String process : arena.revive()) {
        history.event("ended", event -> event.put("process", process));
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private List<Feeder> feeders(Arena arena, History history) {
    List<Feeder> feeders = new ArrayList<>();
    Feeder.Pace pace =
        new Feeder.Pace(
            ROWS_PER_REQUEST,
            Duration.ofMillis(
                1_000L * ROWS_PER_REQUEST * options.parallelism() / options.rowsPerSecond()));
    for (Shape shape : shapes) {
      AtomicLong clock = new AtomicLong();
      for (String source : shape.sources()) {
        for (String name : names(options.parallelism())) {
          Rows rows = new Rows(name, options.seed(), clock, shape.traits());
          feeders.add(new Feeder(shape, source, rows, name, pace, arena.gateway(), history));
        }
      }
    }
    return feeders;
  }

  /** One name for each partition: the gateway maps a name to a partition by its CRC-32. */
  private static List<String> names(int partitions) {
    Map<Long, String> names = new LinkedHashMap<>();
    for (int i = 0; names.size() < partitions; i++) {
      CRC32 hash = new CRC32();
      String name = "f" + i;
      hash.update(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      names.putIfAbsent(hash.getValue() % partitions, name);
    }
    return List.copyOf(names.values());
  }

  private List<Tail> tails(
      PulsarConnection connection, BufferAllocator allocator, History history) {
    List<Tail> tails = new ArrayList<>();
    for (Shape shape : shapes) {
      PipelineId pipeline = PipelineId.parse(shape.pipeline());
      for (Shape.Output output : shape.outputs()) {
        Optional<String> rows = Optional.empty();
        List<String> topics = new ArrayList<>();
        if (output.place() == Shape.Place.STREAM) {
          topics.add(Topics.stream(pipeline, output.name()));
        }
        if (output instanceof Shape.Output.EachRow) {
          rows = Optional.of(shape.name());
        } else if (output instanceof Shape.Output.Results results && results.windowed()) {
          topics.add(Topics.exchange(pipeline, results.stage()));
        }
        for (String topic : topics) {
          for (int partition = 0; partition < options.parallelism(); partition++) {
            tails.add(
                new Tail(connection, Topics.partition(topic, partition), rows, allocator, history));
          }
        }
      }
    }
    return tails;
  }

  private void finish(
      Arena arena, PulsarConnection connection, BufferAllocator allocator, History history)
      throws InterruptedException, SQLException {
    if (!failures.isEmpty()) {
      return;
    }
    GatewayClient gateway = arena.gateway();
    say.accept("Waiting until every row is where it belongs …");
    for (Shape shape : shapes) {
      for (String source : shape.sources()) {
        gateway.end(shape.pipeline() + "/" + source);
      }
    }
    Readback readback = new Readback(arena, connection, allocator, history, options.patience());
    for (Shape shape : shapes) {
      String file = "status/" + shape.name() + ".json";
      SentRows sent = SentRows.in(options.folder(), shape);
      try {
        arena.control().awaitSettled(shape.pipeline(), sent.bySource(), options.patience());
      } catch (HouseException e) {
        failures.add(Finding.failure(shape.name(), "comes to rest", String.valueOf(e)));
      }
      history.write(file, arena.control().status(shape.pipeline()).toPrettyString());
      readback.read(shape, sent);
    }
    complete = true;
  }
}
