package io.sagitta.node.batch;

import static io.sagitta.node.batch.BatchDatabase.quote;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.definition.Sink;
import io.sagitta.definition.Source;
import io.sagitta.definition.Stage;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.run.DuckEngine;
import io.sagitta.engine.run.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Runs a batch pipeline once, in this process, from bounded sources into sinks that commit whole.
 *
 * <p>Row-local stages are views, which the engine reads on all cores. So are whole inputs, and
 * tumbling windows whose query can run over all of them at once; other windows and dedupe run as
 * they do in streaming ({@link EngineChain}). If a row makes a query fail, the run starts over with
 * every chain run as in streaming, where such a row goes to quarantine and the others on. All sinks
 * take their rows before the first commits; streams are not served.
 */
public final class BatchRun {
  private final Plan plan;
  private final Map<String, byte[]> tables;
  private final BatchOptions options;
  private final BatchListener listener;
  private final BufferAllocator allocator;
  private volatile Optional<BatchDatabase> running = Optional.empty();
  private volatile boolean cancelled;

  /**
   * Creates a run.
   *
   * @param plan of a definition with secrets resolved
   * @param tables rows of each table, as Arrow IPC stream bytes
   * @param allocator not closed
   */
  public BatchRun(
      Plan plan,
      Map<String, byte[]> tables,
      BatchOptions options,
      BatchListener listener,
      BufferAllocator allocator) {
    this.plan = plan;
    this.tables = Map.copyOf(tables);
    this.options = options;
    this.listener = listener;
    this.allocator = allocator;
  }

  /**
   * Runs to the end.
   *
   * @throws BatchException if it fails or is cancelled
   */
  public BatchResult run() throws BatchException {
    try {
      return run(false);
    } catch (SQLException e) {
      if (cancelled || !isOfAValue(e)) {
        throw failed(e);
      }
    } catch (IOException | ConnectorException | EngineException e) {
      throw failed(e);
    }
    try {
      return run(true);
    } catch (SQLException | IOException | ConnectorException | EngineException e) {
      throw failed(e);
    }
  }

  /** Stops the run, which then fails and leaves every sink as it was; from any thread. */
  public void cancel() {
    cancelled = true;
    running.ifPresent(BatchDatabase::cancel);
  }

  private static boolean isOfAValue(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Conversion Error")
        || message.contains("Out of Range Error")
        || message.contains("Invalid Input Error");
  }

  private BatchException failed(Exception e) {
    String pipeline = plan.definition().metadata().id();
    return cancelled
        ? new BatchException("Pipeline " + pipeline + " was cancelled; no sink has changed", e)
        : new BatchException("Pipeline " + pipeline + " failed: " + e.getMessage(), e);
  }

  private BatchResult run(boolean byEngine) throws SQLException, IOException, ConnectorException {
    try (BatchDatabase database = new BatchDatabase(options, allocator);
        DuckEngine engine = new DuckEngine(options.memoryBytes() / 2)) {
      running = Optional.of(database);
      if (cancelled) {
        database.cancel();
      }
      database.execute("CREATE SCHEMA sagitta");
      database.createEmpty(SourceRows.QUARANTINE, Quarantine.SCHEMA);
      for (Map.Entry<String, byte[]> table : tables.entrySet()) {
        database.createTable(quote(table.getKey()), table.getValue());
      }
      SourceRows sources = new SourceRows(database, options, listener, allocator);
      for (Map.Entry<String, Source> source : plan.definition().spec().sources().entrySet()) {
        sources.open(source.getKey(), source.getValue());
      }
      lock(database, sources);
      Map<String, Counts> ledger = chains(byEngine, engine, database, sources.bytes());
      return deliver(database, ledger, sources.bytes());
    } finally {
      running = Optional.empty();
    }
  }

  /** The author's SQL runs after this, and reaches the files of the run alone. */
  private void lock(BatchDatabase database, SourceRows sources)
      throws SQLException, ConnectorException {
    List<Path> folders = new ArrayList<>();
    folders.add(options.scratch().toAbsolutePath());
    folders.add(options.quarantine().toAbsolutePath());
    for (Sink sink : plan.definition().spec().sinks().values()) {
      RunOutput.folder(sink, options).ifPresent(folders::add);
    }
    database.lock(sources.files(), folders);
  }

  private Map<String, Counts> chains(
      boolean byEngine, DuckEngine engine, BatchDatabase database, long bytes)
      throws SQLException, IOException {
    Map<String, Counts> ledger = new LinkedHashMap<>();
    for (Chain chain : plan.chains()) {
      listener.at("stage " + chain.name(), 0, bytes);
      Optional<Map<String, Counts>> onAllCores =
          byEngine ? Optional.empty() : onAllCores(chain, engine, database, ledger);
      if (onAllCores.isPresent()) {
        ledger.putAll(onAllCores.get());
      } else {
        ledger.putAll(
            new EngineChain(plan, engine, tables, database, options, allocator).run(chain));
      }
    }
    return ledger;
  }

  private Optional<Map<String, Counts>> onAllCores(
      Chain chain, DuckEngine engine, BatchDatabase database, Map<String, Counts> ledger)
      throws SQLException {
    ViewChain views = new ViewChain(plan, database);
    if (chain.head() instanceof Chain.Head.OfSource) {
      return Optional.of(views.behindSource(chain));
    }
    long in = 0;
    for (String input : inputs(chain)) {
      in += ledger.getOrDefault(input, Counts.ZERO).out();
    }
    Optional<Counts> head = new WholeInputTable(plan, database).create(chain, in);
    if (head.isEmpty()) {
      Optional<String> query = engine.overAllWindows(plan, chain.name(), allocator);
      if (query.isPresent()) {
        head = new WindowTable(plan, database).create(chain, query.get(), in);
      }
    }
    return head.isEmpty() ? Optional.empty() : Optional.of(views.behind(chain, head.get()));
  }

  private List<String> inputs(Chain chain) {
    Stage stage = plan.definition().spec().stages().get(chain.name());
    return stage == null ? List.of() : stage.inputs();
  }

  private BatchResult deliver(BatchDatabase database, Map<String, Counts> ledger, long bytes)
      throws SQLException, IOException, ConnectorException {
    Map<String, Long> written = new LinkedHashMap<>();
    List<RunOutput> outputs = new ArrayList<>();
    try {
      for (Map.Entry<String, Sink> sink : plan.definition().spec().sinks().entrySet()) {
        RunOutput output = RunOutput.open(sink.getKey(), sink.getValue(), plan, options, allocator);
        outputs.add(output);
        written.put(
            sink.getKey(),
            output.write(database, done -> listener.at("sink " + sink.getKey(), done, bytes)));
      }
      Optional<Path> quarantine = quarantine(database);
      if (database.cancelled()) {
        throw new SQLException("The run was cancelled");
      }
      for (RunOutput output : outputs) {
        output.commit();
      }
      return new BatchResult(
          ledger,
          written,
          database.number("SELECT count(*) FROM " + SourceRows.QUARANTINE),
          quarantine);
    } finally {
      outputs.forEach(RunOutput::close);
    }
  }

  private Optional<Path> quarantine(BatchDatabase database) throws SQLException, IOException {
    if (database.number("SELECT count(*) FROM " + SourceRows.QUARANTINE) == 0) {
      return Optional.empty();
    }
    Path file =
        Files.createDirectories(options.quarantine().toAbsolutePath())
            .resolve(options.run() + ".parquet");
    database.execute(
        "COPY (SELECT * FROM %s ORDER BY ALL) TO '%s' (FORMAT parquet, COMPRESSION zstd)"
            .formatted(SourceRows.QUARANTINE, file.toString().replace("'", "''")));
    return Optional.of(file);
  }
}
