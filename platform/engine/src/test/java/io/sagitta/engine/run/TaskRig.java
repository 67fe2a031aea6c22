package io.sagitta.engine.run;

import io.sagitta.engine.Arrival;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress;
import io.sagitta.engine.Progress.Activity;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.WireSchemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** One task under test. Closing it fails if a buffer leaked. */
final class TaskRig implements AutoCloseable {
  private final BufferAllocator root = new RootAllocator();

  /** What the task may have; a test may bound it. */
  final BufferAllocator allocator = root.newChildAllocator("rows", 0, Long.MAX_VALUE);

  final Plan plan;
  final Chain chain;
  final TaskRunner runner;
  private final Engine engine = new DuckEngine(512L << 20);
  private long ordinal;

  /** What a step made, by output: {@code stage>output}. */
  record Made(
      Map<String, List<List<Object>>> rows,
      List<List<Object>> quarantined,
      Map<String, Counts> counts,
      Progress progress,
      long oldestNeeded) {
    List<List<Object>> rowsOf(String output) {
      return rows.getOrDefault(output, List.of());
    }
  }

  TaskRig(Plan plan, String chain, Path spill, Set<String> upstreams) {
    this(plan, chain, upstreams, Map.of(), new Engine.Limits(64 << 20, spill, 10_000));
  }

  TaskRig(
      Plan plan,
      String chain,
      Set<String> upstreams,
      Map<String, byte[]> tables,
      Engine.Limits limits) {
    this.plan = plan;
    this.chain = plan.chain(chain).orElseThrow();
    this.runner = engine.open(plan, this.chain, chain + "/0", upstreams, tables, allocator, limits);
  }

  Arrival rows(String input, List<List<Object>> rows) {
    Schema schema =
        WireSchemas.of(Objects.requireNonNull(plan.definition().spec().sources().get(input)));
    return new Arrival.Rows(
        ordinal++, input, input, Grid.batch(schema, allocator, rows), Optional.empty());
  }

  Arrival rows(String upstream, String input, String watermark, List<List<Object>> rows) {
    return new Arrival.Rows(
        ordinal++,
        upstream,
        input,
        Grid.batch(plan.schema(input), allocator, rows),
        Optional.of(progress(watermark)));
  }

  Arrival signal(String upstream, Activity activity) {
    return new Arrival.Signal(
        ordinal++, upstream, new Progress(Long.MIN_VALUE, Long.MIN_VALUE, activity));
  }

  Arrival watermark(String upstream, String watermark) {
    return new Arrival.Signal(ordinal++, upstream, progress(watermark));
  }

  private static Progress progress(String watermark) {
    long micros = watermark.isEmpty() ? Long.MIN_VALUE : Grid.micros(watermark);
    return new Progress(micros, micros, Activity.ACTIVE);
  }

  Arrival rejected(String input, List<List<Object>> rows) {
    VectorSchemaRoot batch = Grid.batch(Quarantine.SCHEMA, allocator, rows);
    return new Arrival.Rejected(ordinal++, input, input, batch);
  }

  Made step(Arrival... arrivals) {
    try (StepResult result = runner.step(List.of(arrivals))) {
      return made(result);
    }
  }

  static Made made(StepResult result) {
    Map<String, List<List<Object>>> rows = new LinkedHashMap<>();
    for (StepResult.Emission emission : result.emissions()) {
      rows.computeIfAbsent(name(emission.output()), n -> new ArrayList<>())
          .addAll(Grid.values(emission.rows()));
    }
    return new Made(
        rows,
        result.quarantined().map(Grid::values).orElse(List.of()),
        new HashMap<>(result.counts()),
        result.progress(),
        result.oldestNeeded());
  }

  static String name(Chain.Output output) {
    if (output instanceof Chain.Output.ToExchange exchange) {
      return exchange.from() + ">" + exchange.stage();
    } else if (output instanceof Chain.Output.ToStream stream) {
      return stream.from() + ">" + stream.stream();
    }
    return output.from() + ">" + ((Chain.Output.ToSink) output).sink();
  }

  @Override
  public void close() {
    runner.close();
    engine.close();
    allocator.close();
    root.close();
  }
}
