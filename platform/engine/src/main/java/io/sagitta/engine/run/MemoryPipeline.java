package io.sagitta.engine.run;

import io.sagitta.definition.DefinitionTest;
import io.sagitta.definition.EventTime;
import io.sagitta.engine.Arrival;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.codec.RowDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A whole pipeline in one thread, one task for each chain; every stage's rows come out. */
final class MemoryPipeline implements AutoCloseable {
  private static final long WINDOW_BYTES = 64 << 20;
  private static final int OUTPUT_ROWS = 10_000;

  private final Plan plan;
  private final BufferAllocator allocator;
  private final Map<String, TaskRunner> runners = new LinkedHashMap<>();
  private final Map<String, List<Arrival>> inbox = new HashMap<>();
  private final Map<String, Progress> announced = new HashMap<>();
  private final Map<String, Instant> lastRow = new HashMap<>();
  private final Set<String> silent = new HashSet<>();
  private final TestResults results = new TestResults();
  private Instant now = Instant.EPOCH;
  private long ordinal;

  MemoryPipeline(
      Engine engine,
      Plan plan,
      Map<String, byte[]> tables,
      BufferAllocator allocator,
      Path scratch) {
    this.plan = plan;
    this.allocator = allocator;
    try {
      for (Chain chain : plan.chains()) {
        Set<String> upstreams = new HashSet<>();
        chain.upstreams().forEach(upstream -> upstreams.add(task(upstream)));
        Engine.Limits limits = new Engine.Limits(WINDOW_BYTES, scratch, OUTPUT_ROWS);
        runners.put(
            chain.name(),
            engine.open(
                plan, open(chain), task(chain.name()), upstreams, tables, allocator, limits));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static String task(String chain) {
    return chain + "/0";
  }

  /** Returns {@code chain} with one output more for each of its stages. */
  private static Chain open(Chain chain) {
    List<Chain.Output> outputs = new ArrayList<>(chain.outputs());
    outputs.add(new Chain.Output.ToSink(chain.name(), TestResults.ROWS));
    chain
        .rowLocal()
        .forEach(stage -> outputs.add(new Chain.Output.ToSink(stage, TestResults.ROWS)));
    return new Chain(chain.head(), chain.rowLocal(), outputs, chain.upstreams());
  }

  /** Does what {@code test} says, step by step. */
  void run(DefinitionTest test, TestRows rows) {
    for (DefinitionTest.Step step : test.given()) {
      if (step instanceof DefinitionTest.Rows given) {
        if (!plan.definition().spec().tables().containsKey(given.name())) {
          rows(given, rows);
        }
      } else if (step instanceof DefinitionTest.Idle idle) {
        signal(idle.source(), Activity.IDLE);
      } else if (step instanceof DefinitionTest.End end) {
        signal(end.source(), Activity.ENDED);
      } else if (step instanceof DefinitionTest.Tick tick) {
        tick(tick.time());
      }
      flow();
    }
    if (test.endOfInput()) {
      plan.definition().spec().sources().keySet().forEach(s -> signal(s, Activity.ENDED));
      flow();
    }
  }

  private void rows(DefinitionTest.Rows given, TestRows rows) {
    String source = given.name();
    lastRow.put(source, now);
    silent.remove(source);
    RowDecoder.Decoded decoded = rows.source(given, now); // its batches go to the runner
    put(source, new Arrival.Rows(ordinal++, source, source, decoded.rows(), Optional.empty()));
    decoded
        .rejects()
        .ifPresent(bad -> put(source, new Arrival.Rejected(ordinal++, source, source, bad)));
  }

  private void signal(String source, Activity activity) {
    put(
        source,
        new Arrival.Signal(
            ordinal++, source, new Progress(Long.MIN_VALUE, Long.MIN_VALUE, activity)));
  }

  private void tick(Instant time) {
    now = time;
    plan.definition()
        .spec()
        .sources()
        .forEach(
            (name, source) -> {
              Optional<Duration> idleAfter = source.eventTime().flatMap(EventTime::idleAfter);
              Instant last = lastRow.getOrDefault(name, Instant.EPOCH);
              if (idleAfter.isPresent()
                  && !last.plus(idleAfter.get()).isAfter(now)
                  && silent.add(name)) {
                signal(name, Activity.IDLE);
              }
            });
  }

  private void put(String chain, Arrival arrival) {
    inbox.computeIfAbsent(chain, c -> new ArrayList<>()).add(arrival);
  }

  /** Runs a step of every chain that has arrivals, upstream first. */
  private void flow() {
    runners.forEach(
        (chain, runner) -> {
          List<Arrival> arrivals = inbox.remove(chain);
          if (arrivals != null) {
            try (StepResult result = runner.step(arrivals)) {
              results.add(result);
              forward(chain, result);
            }
          }
        });
  }

  /** Sends rows to other chains, then where this one stands, as a node does. */
  private void forward(String from, StepResult result) {
    Progress before = announced.getOrDefault(from, Progress.NONE);
    Set<String> readers = new HashSet<>();
    plan.chain(from).orElseThrow().outputs().stream()
        .filter(Chain.Output.ToExchange.class::isInstance)
        .forEach(output -> readers.add(((Chain.Output.ToExchange) output).stage()));
    for (StepResult.Emission emission : result.emissions()) {
      if (emission.output() instanceof Chain.Output.ToExchange exchange) {
        VectorSchemaRoot rows = Batches.share(emission.rows(), allocator);
        put(
            exchange.stage(),
            new Arrival.Rows(ordinal++, task(from), exchange.from(), rows, Optional.of(before)));
      }
    }
    for (String reader : readers) {
      put(reader, new Arrival.Signal(ordinal++, task(from), result.progress()));
    }
    announced.put(from, result.progress());
  }

  TestResults results() {
    return results;
  }

  @Override
  public void close() {
    inbox
        .values()
        .forEach(
            arrivals ->
                arrivals.forEach(
                    arrival -> {
                      if (arrival instanceof Arrival.Rows rows) {
                        rows.rows().close();
                      }
                    }));
    inbox.clear();
    runners.values().forEach(TaskRunner::close);
    runners.clear();
  }
}
