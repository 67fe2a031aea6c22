package io.sagitta.node.batch;

import static io.sagitta.node.batch.BatchDatabase.quote;

import io.sagitta.definition.Source;
import io.sagitta.engine.Arrival;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Progress;
import io.sagitta.engine.StepResult;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.WireSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A chain run by the very engine that runs it in streaming, as one task: windows and dedupe mean
 * the same. Its input ends, and no watermark moves before that: so no row is late, every window
 * closes at the end, and a dedupe stage remembers every key.
 */
final class EngineChain {
  private static final Progress OPEN = Progress.NONE;
  private static final Progress ENDED =
      new Progress(Long.MIN_VALUE, Long.MIN_VALUE, Progress.Activity.ENDED);
  private static final int OUTPUT_ROWS = 100_000;

  private final Plan plan;
  private final Engine engine;
  private final Map<String, byte[]> tables;
  private final BatchDatabase database;
  private final BatchOptions options;
  private final BufferAllocator allocator;
  private final Map<String, Counts> ledger = new LinkedHashMap<>();
  private long ordinal;

  EngineChain(
      Plan plan,
      Engine engine,
      Map<String, byte[]> tables,
      BatchDatabase database,
      BatchOptions options,
      BufferAllocator allocator) {
    this.plan = plan;
    this.engine = engine;
    this.tables = tables;
    this.database = database;
    this.options = options;
    this.allocator = allocator;
  }

  /** Makes a table of each stage of {@code chain} whose rows leave it. */
  Map<String, Counts> run(Chain chain) throws SQLException, IOException {
    for (String from : leaving(chain)) {
      database.createEmpty(table(chain, from), plan.schema(from));
    }
    Set<String> upstreams = new HashSet<>();
    chain.upstreams().forEach(name -> upstreams.add(name + "/0"));
    boolean source = chain.head() instanceof Chain.Head.OfSource;
    String task = chain.name() + "/0";
    if (source) {
      upstreams.add(task);
    }
    Engine.Limits limits =
        new Engine.Limits(
            options.memoryBytes() / 4,
            Files.createDirectories(options.scratch().resolve("windows-" + chain.name())),
            OUTPUT_ROWS);
    try (TaskRunner runner = engine.open(plan, chain, task, upstreams, tables, allocator, limits)) {
      if (source) {
        Schema wire = wire(chain.name());
        feed(
            chain,
            runner,
            chain.name(),
            SourceRows.wire(chain.name()),
            wire,
            task,
            Optional.empty());
      } else {
        for (String input : inputs(chain)) {
          feed(
              chain,
              runner,
              input,
              quote(input),
              plan.schema(input),
              producer(input),
              Optional.of(OPEN));
        }
      }
      for (String upstream : upstreams) {
        take(chain, runner.step(List.of(new Arrival.Signal(++ordinal, upstream, ENDED))));
      }
    }
    return ledger;
  }

  private void feed(
      Chain chain,
      TaskRunner runner,
      String input,
      String relation,
      Schema schema,
      String upstream,
      Optional<Progress> progress)
      throws SQLException, IOException {
    database.<IOException>forEach(
        "SELECT * FROM " + relation,
        schema,
        rows ->
            take(
                chain,
                runner.step(
                    List.of(new Arrival.Rows(++ordinal, upstream, input, rows, progress)))));
  }

  private void take(Chain chain, StepResult result) throws SQLException {
    try (result) {
      for (String from : leaving(chain)) {
        Optional<Chain.Output> first =
            chain.outputs().stream().filter(o -> o.from().equals(from)).findFirst();
        for (StepResult.Emission emission : result.emissions()) {
          if (first.filter(emission.output()::equals).isPresent()) {
            database.insert(table(chain, from), emission.rows());
          }
        }
      }
      if (result.quarantined().isPresent()) {
        VectorSchemaRoot refused = result.quarantined().get();
        database.insert(SourceRows.QUARANTINE, refused);
      }
      result.counts().forEach((name, counts) -> ledger.merge(name, counts, Counts::plus));
    }
  }

  /** A source's own rows are a view already: no table may have its name. */
  private static String table(Chain chain, String from) {
    boolean own = chain.head() instanceof Chain.Head.OfSource && from.equals(chain.name());
    return own ? "sagitta." + quote(from + "$out") : quote(from);
  }

  private static Set<String> leaving(Chain chain) {
    Set<String> leaving = new LinkedHashSet<>();
    chain.outputs().forEach(output -> leaving.add(output.from()));
    return leaving;
  }

  private Schema wire(String name) {
    Source source = plan.definition().spec().sources().get(name);
    if (source == null) {
      throw new IllegalStateException("The plan has no source " + name);
    }
    return WireSchemas.of(source);
  }

  private List<String> inputs(Chain chain) {
    var stage = plan.definition().spec().stages().get(chain.name());
    return stage == null ? List.of() : stage.inputs();
  }

  private String producer(String input) {
    return plan.chains().stream()
            .filter(c -> c.name().equals(input) || c.rowLocal().contains(input))
            .findFirst()
            .map(Chain::name)
            .orElseThrow(() -> new IllegalStateException("No chain makes " + input))
        + "/0";
  }
}
