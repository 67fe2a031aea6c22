package io.sagitta.node.batch;

import static io.sagitta.node.batch.BatchDatabase.quote;

import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Window;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;

/** A stage whose one window is its whole input, as one statement on all cores. */
final class WholeInputTable {
  private final Plan plan;
  private final BatchDatabase database;

  WholeInputTable(Plan plan, BatchDatabase database) {
    this.plan = plan;
    this.database = database;
  }

  /**
   * Makes the table of the chain's head.
   *
   * @param in how many rows its inputs have
   * @return the head's ledger; empty if it has other windows or none
   */
  Optional<Counts> create(Chain chain, long in) throws SQLException {
    String query = plan.queries().get(chain.name());
    if (query == null
        || !(plan.definition().spec().stages().get(chain.name()) instanceof SqlStage stage)
        || stage.window().filter(Window.WholeInput.class::isInstance).isEmpty()) {
      return Optional.empty();
    }
    bounds(chain, stage);
    String own =
        plan.schema(chain.name()).getFields().stream()
            .map(f -> f.getName())
            .filter(f -> !f.equals(WireSchemas.EVENT_TIME))
            .filter(f -> !f.equals(WireSchemas.WINDOW_START))
            .filter(f -> !f.equals(WireSchemas.WINDOW_END))
            .map(BatchDatabase::quote)
            .collect(Collectors.joining(", "));
    String start = bound(chain, "least");
    String end = bound(chain, "behind");
    String inputs =
        stage.inputs().stream()
            .map(input -> quote(input) + " AS (" + windowed(input, start, end) + ")")
            .collect(Collectors.joining(", "));
    database.execute(
        "CREATE TABLE %s AS WITH %s SELECT %s, %s AS window_start, %s AS window_end, %s AS event_time FROM (%s) ORDER BY %s"
            .formatted(quote(chain.name()), inputs, own, start, end, end, query, own));
    long out = database.number("SELECT count(*) FROM " + quote(chain.name()));
    return Optional.of(new Counts(in, out, in, 0, 0, 0, 0));
  }

  /** Makes a table of one row: the least event time, and the instant behind the greatest. */
  private void bounds(Chain chain, SqlStage stage) throws SQLException {
    String times =
        stage.inputs().stream()
            .map(input -> "SELECT event_time FROM main." + quote(input))
            .collect(Collectors.joining(" UNION ALL "));
    database.execute(
        "CREATE TABLE %s AS SELECT count(event_time) AS n, epoch_us(min(event_time)) AS least, epoch_us(max(event_time)) + 1 AS behind FROM (%s)"
            .formatted(table(chain), times));
  }

  /** Returns a bound of the window as a literal, so that the engine knows it when it plans. */
  private String bound(Chain chain, String which) throws SQLException {
    return database.number("SELECT n FROM " + table(chain)) == 0
        ? "CAST(NULL AS TIMESTAMPTZ)"
        : "make_timestamptz(%d)"
            .formatted(database.number("SELECT " + which + " FROM " + table(chain)));
  }

  private static String table(Chain chain) {
    return "sagitta." + quote(chain.name() + "$bounds");
  }

  private String windowed(String input, String start, String end) {
    String columns =
        plan.schema(input).getFields().stream()
            .map(f -> f.getName())
            .filter(f -> !f.equals(WireSchemas.WINDOW_START) && !f.equals(WireSchemas.WINDOW_END))
            .map(BatchDatabase::quote)
            .collect(Collectors.joining(", "));
    return "SELECT %s, %s AS window_start, %s AS window_end FROM main.%s"
        .formatted(columns, start, end, quote(input));
  }
}
