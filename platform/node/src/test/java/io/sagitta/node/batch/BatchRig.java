package io.sagitta.node.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.TableConnector;
import io.sagitta.definition.DefinitionReader;
import io.sagitta.definition.Problem;
import io.sagitta.definition.ReadResult;
import io.sagitta.definition.Table;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.plan.PlanResult;
import io.sagitta.engine.plan.Planner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Runs of batch pipelines in a folder, and plain DuckDB over the same files beside them. */
final class BatchRig implements AutoCloseable {
  private static final String ROWS =
      "SELECT TIMESTAMPTZ '2001-01-01 00:00:00+00' + to_minutes((i * 37) %% 86400) AS date,"
          + " CAST(i %% 90 - 10 AS INTEGER) AS delay, CAST(i %% 1500 AS INTEGER) AS distance,"
          + " 'A' || (i %% 6) AS origin FROM range(%d, %d) t(i)";

  private final BufferAllocator allocator = new RootAllocator();
  private final Path folder;

  BatchRig(Path folder) throws Exception {
    this.folder = folder;
    Files.createDirectories(folder.resolve("in"));
    Files.createDirectories(folder.resolve("out"));
  }

  /** Returns flights from number {@code from} on up to {@code to}, as a query. */
  static String flights(int from, int to) {
    return ROWS.formatted(from, to);
  }

  Path in(String name) {
    return folder.resolve("in").resolve(name);
  }

  Path out(String name) {
    return folder.resolve("out").resolve(name);
  }

  /** Writes the rows of {@code query} to a file of {@code in}. */
  void input(String format, String name, String query) throws SQLException {
    String options = format.equals("csv") ? "csv, HEADER" : format;
    duck("COPY (%s) TO '%s' (FORMAT %s)".formatted(query, in(name), options));
  }

  Plan plan(String yaml) {
    ReadResult read = DefinitionReader.read("flights.yaml", yaml.getBytes(UTF_8));
    assertThat(read.problems()).filteredOn(p -> p.severity() == Problem.Severity.ERROR).isEmpty();
    PlanResult planned = new Planner().plan(read.definition().orElseThrow(), read.locations());
    assertThat(planned.problems()).isEmpty();
    return planned.plan().orElseThrow();
  }

  BatchRun batch(String yaml, String run, BatchListener listener) throws Exception {
    Path scratch = Files.createDirectories(folder.resolve("scratch").resolve(run));
    BatchOptions options =
        new BatchOptions(Reach.free(folder), run, out("quarantine"), scratch, 2, 512L << 20);
    Plan plan = plan(yaml);
    return new BatchRun(plan, tables(plan), options, listener, allocator);
  }

  private Map<String, byte[]> tables(Plan plan) throws ConnectorException {
    Map<String, byte[]> tables = new HashMap<>();
    for (Map.Entry<String, Table> table : plan.definition().spec().tables().entrySet()) {
      for (TableConnector connector : ServiceLoader.load(TableConnector.class)) {
        if (connector.serves(table.getValue())) {
          tables.put(
              table.getKey(),
              connector.load(
                  table.getValue(),
                  Reach.free(folder),
                  WireSchemas.of(table.getValue().schema()),
                  allocator));
        }
      }
    }
    return tables;
  }

  BatchResult run(String yaml, String run) throws Exception {
    return batch(yaml, run, (what, fraction, bytes) -> {}).run();
  }

  static Counts counts(BatchResult result, String stage) {
    return result.ledger().getOrDefault(stage, Counts.ZERO);
  }

  List<String> query(String url, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      if (!sql.startsWith("SELECT") && !sql.startsWith("WITH")) {
        statement.execute(sql);
        return rows;
      }
      try (ResultSet result = statement.executeQuery(sql)) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(String.valueOf(result.getString(i)));
          }
          rows.add(String.join(" ", row));
        }
      }
    }
    return rows;
  }

  List<String> duck(String sql) throws SQLException {
    return query("jdbc:duckdb:", sql);
  }

  /** Queries the database file that jdbc sinks write to. */
  List<String> board(String sql) throws SQLException {
    return query("jdbc:duckdb:" + out("board.duckdb"), sql);
  }

  /** Returns what unfinished runs left in {@code out}. */
  List<String> leftBehind() throws Exception {
    try (Stream<Path> entries = Files.list(folder.resolve("out"))) {
      return entries
          .map(e -> String.valueOf(e.getFileName()))
          .filter(e -> e.startsWith("."))
          .toList();
    }
  }

  @Override
  public void close() {
    allocator.close();
  }
}
