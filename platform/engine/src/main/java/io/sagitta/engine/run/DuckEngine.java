package io.sagitta.engine.run;

import io.sagitta.definition.DedupeStage;
import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Stage;
import io.sagitta.definition.Window;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Engine;
import io.sagitta.engine.Plan;
import io.sagitta.engine.TaskRunner;
import io.sagitta.engine.WireSchemas;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * Runs chains on DuckDB, in process: one database in memory for all tasks, one connection for each.
 * It reads no file, opens no socket, loads no extension, and every query runs on the thread that
 * calls it. Thread-safe; its runners are not.
 */
public final class DuckEngine implements Engine {
  private static final List<String> SETTINGS =
      List.of(
          "SET GLOBAL TimeZone='UTC'",
          "SET GLOBAL threads=1",
          // The stream is the left side of a join and keeps its order; the table is built once.
          "SET GLOBAL disabled_optimizers='build_side_probe_side,join_order'",
          "SET GLOBAL lock_configuration=true");

  private final DuckDBConnection database;
  private final String version;
  private final Set<String> aggregates;

  /**
   * Opens a database.
   *
   * @param memoryBytes the most memory that all queries together may take
   */
  public DuckEngine(long memoryBytes) {
    Properties settings = new Properties();
    settings.setProperty("memory_limit", memoryBytes / 1024 + "KiB");
    settings.setProperty("temp_directory", "");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("allow_community_extensions", "false");
    settings.setProperty("enable_external_access", "false");
    try {
      database = (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", settings);
      try (Statement statement = database.createStatement()) {
        for (String setting : SETTINGS) {
          statement.execute(setting);
        }
        version =
            "duckdb " + column(statement, "SELECT library_version FROM pragma_version()").get(0);
        aggregates =
            Set.copyOf(
                column(
                    statement,
                    "SELECT DISTINCT function_name FROM duckdb_functions()"
                        + " WHERE function_type = 'aggregate'"));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The engine does not start: " + e.getMessage(), e);
    }
  }

  private static List<String> column(Statement statement, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  @Override
  public TaskRunner open(
      Plan plan,
      Chain chain,
      String task,
      Set<String> upstreamTasks,
      Map<String, byte[]> tables,
      BufferAllocator allocator,
      Limits limits) {
    DuckSession session =
        new DuckSession(
            connect(), aggregates, allocator, limits.outputRows(), EngineWords.of(plan));
    try {
      TaskScope scope =
          new TaskScope(
              plan,
              chain.name(),
              task,
              session,
              limits,
              new Ledger(),
              new QuarantineBuffer(allocator));
      tables.forEach(session::load);
      RowLocalStages rowLocal = new RowLocalStages(session, plan, chain);
      Head head =
          chain.head() instanceof Chain.Head.OfSource
              ? new SourceHead(scope)
              : stageHead(scope, new Upstreams(task, upstreamTasks));
      return new ChainRunner(scope, head, rowLocal);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Returns the query of windowed stage {@code stage}, made to run over the rows of all windows at
   * once: its input has {@code window_start} and {@code window_end}, and so has the result, last.
   * Empty if that could make other rows than running it for one window at a time.
   */
  public Optional<String> overAllWindows(Plan plan, String stage, BufferAllocator allocator) {
    Stage definition = plan.definition().spec().stages().get(stage);
    String query = plan.queries().get(stage);
    if (definition == null || definition.inputs().size() != 1 || query == null) {
      return Optional.empty();
    }
    try (DuckSession session =
        new DuckSession(connect(), aggregates, allocator, 1, EngineWords.of(plan))) {
      QueryShape shape = session.shape(stage, query);
      List<String> window = List.of(WireSchemas.WINDOW_START, WireSchemas.WINDOW_END);
      return shape.isMergeable()
          ? Optional.of(session.print(stage, shape.with(window)))
          : Optional.empty();
    }
  }

  private static Head stageHead(TaskScope scope, Upstreams upstreams) {
    Stage stage = scope.plan().definition().spec().stages().get(scope.head());
    if (stage instanceof DedupeStage dedupe) {
      return new DedupeHead(scope, dedupe, upstreams);
    }
    if (stage instanceof SqlStage sql && sql.window().isPresent()) {
      Window window = sql.window().get();
      if (window instanceof Window.Tumbling tumbling) {
        return new WindowHead(scope, sql, WindowSpans.of(tumbling), upstreams);
      }
      if (window instanceof Window.Sliding sliding) {
        return new WindowHead(scope, sql, WindowSpans.of(sliding), upstreams);
      }
      if (window instanceof Window.Session session) {
        return new SessionHead(scope, sql, session, upstreams);
      }
      if (window instanceof Window.WholeInput) {
        return new WholeInputHead(scope, sql, upstreams);
      }
    }
    throw new EngineException(scope.head(), "no chain can start with it");
  }

  private DuckDBConnection connect() {
    try {
      return database.duplicate();
    } catch (SQLException e) {
      throw new IllegalStateException("The engine takes no further task: " + e.getMessage(), e);
    }
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public void close() {
    try {
      database.close();
    } catch (SQLException e) {
      throw new IllegalStateException("The engine does not stop: " + e.getMessage(), e);
    }
  }
}
