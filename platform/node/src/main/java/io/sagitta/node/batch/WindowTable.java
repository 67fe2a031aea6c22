package io.sagitta.node.batch;

import static io.sagitta.node.batch.BatchDatabase.quote;

import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Window;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A stage with tumbling windows as one statement over all of them, on all cores. That is only
 * possible where the query can run over all windows at once and the time zone has no summer time;
 * what else there is runs as in streaming.
 */
final class WindowTable {
  /** Windows are counted from a Monday, 1970-01-05, as the engine counts them. */
  private static final long MONDAY_MICROS = 4 * 86_400_000_000L;

  /** The year 1 is 62,135,596,800 seconds before 1970. */
  private static final long BEFORE_ALL_MICROS = 63_000_000_000_000_000L;

  private final Plan plan;
  private final BatchDatabase database;

  WindowTable(Plan plan, BatchDatabase database) {
    this.plan = plan;
    this.database = database;
  }

  /**
   * Makes the table of the chain's head.
   *
   * @param query over all windows, from {@link io.sagitta.engine.run.DuckEngine#overAllWindows}
   * @param in how many rows its input has
   * @return the head's ledger; empty if it has to run as in streaming
   */
  Optional<Counts> create(Chain chain, String query, long in) throws SQLException {
    if (!(plan.definition().spec().stages().get(chain.name()) instanceof SqlStage stage)
        || !(stage.window().orElse(null) instanceof Window.Tumbling window)
        || !window.timezone().getRules().isFixedOffset()) {
      return Optional.empty();
    }
    String input = stage.inputs().get(0);
    long timeless =
        database.number("SELECT count(*) FROM " + quote(input) + " WHERE event_time IS NULL");
    if (timeless > 0) {
      return Optional.empty();
    }
    String own =
        plan.schema(chain.name()).getFields().stream()
            .map(f -> f.getName())
            .filter(f -> !f.equals(WireSchemas.EVENT_TIME))
            .map(BatchDatabase::quote)
            .collect(Collectors.joining(", "));
    database.execute(
        "CREATE TABLE %1$s AS WITH %2$s AS (%3$s) SELECT %4$s, window_end AS event_time FROM (%5$s) ORDER BY event_time, %4$s"
            .formatted(quote(chain.name()), quote(input), windowed(input, window), own, query));
    long out = database.number("SELECT count(*) FROM " + quote(chain.name()));
    return Optional.of(new Counts(in, out, in, 0, 0, 0, 0));
  }

  private String windowed(String input, Window.Tumbling window) {
    long size = window.size().toNanos() / 1_000;
    long monday = MONDAY_MICROS - offsetMicros(window.timezone());
    // A boundary before all time, so that one remainder will do.
    long base = Math.floorMod(monday, size) - size * (BEFORE_ALL_MICROS / size + 1);
    String columns =
        plan.schema(input).getFields().stream()
            .map(f -> f.getName())
            .filter(f -> !f.equals(WireSchemas.WINDOW_START) && !f.equals(WireSchemas.WINDOW_END))
            .map(BatchDatabase::quote)
            .collect(Collectors.joining(", "));
    return ("SELECT * EXCLUDE (__start), make_timestamptz(__start) AS window_start,"
            + " make_timestamptz(__start + %1$d) AS window_end FROM (SELECT %2$s,"
            + " epoch_us(event_time) - (epoch_us(event_time) - %3$d) %% %1$d AS __start FROM"
            + " main.%4$s)")
        .formatted(size, columns, base, quote(input));
  }

  private static long offsetMicros(ZoneId zone) {
    return zone.getRules().getOffset(Instant.EPOCH).getTotalSeconds() * 1_000_000L;
  }
}
