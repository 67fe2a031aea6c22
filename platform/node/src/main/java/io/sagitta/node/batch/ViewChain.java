package io.sagitta.node.batch;

import static io.sagitta.node.batch.BatchDatabase.quote;

import io.sagitta.definition.CleanStage;
import io.sagitta.definition.Stage;
import io.sagitta.engine.Chain;
import io.sagitta.engine.Counts;
import io.sagitta.engine.Plan;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Row-local stages behind a source, as views: the engine fuses them into whatever reads them. */
final class ViewChain {
  private final Plan plan;
  private final BatchDatabase database;

  ViewChain(Plan plan, BatchDatabase database) {
    this.plan = plan;
    this.database = database;
  }

  /** Makes a view for each stage of {@code chain}, whose head is a relation already. */
  Map<String, Counts> open(Chain chain) throws SQLException {
    Map<String, Counts> ledger = new LinkedHashMap<>();
    Map<String, Long> rows = new LinkedHashMap<>();
    long read = count(chain.name());
    long rejected =
        database.number(
            "SELECT count(*) FROM %s WHERE stage = '%s'"
                .formatted(SourceRows.QUARANTINE, chain.name().replace("'", "''")));
    ledger.put(chain.name(), new Counts(read + rejected, read, 0, 0, rejected, 0, 0));
    rows.put(chain.name(), read);
    for (String name : chain.rowLocal()) {
      Stage stage = stage(name);
      long in = 0;
      for (String input : stage.inputs()) {
        in += rows.getOrDefault(input, 0L);
      }
      long refused = stage instanceof CleanStage ? clean(name) : view(name, query(name));
      long out = count(name);
      rows.put(name, out);
      ledger.put(name, new Counts(in, out, in - out - refused, 0, refused, 0, 0));
    }
    return ledger;
  }

  private Stage stage(String name) {
    Stage stage = plan.definition().spec().stages().get(name);
    if (stage == null) {
      throw new IllegalStateException("The plan has no stage " + name);
    }
    return stage;
  }

  private String query(String stage) {
    String query = plan.queries().get(stage);
    if (query == null) {
      throw new IllegalStateException("The plan has no query for stage " + stage);
    }
    return query;
  }

  private long count(String relation) throws SQLException {
    return database.number("SELECT count(*) FROM " + quote(relation));
  }

  private long view(String name, String query) throws SQLException {
    database.execute("CREATE VIEW " + quote(name) + " AS " + query);
    return 0;
  }

  /** Returns how many rows broke an expectation. */
  private long clean(String name) throws SQLException {
    // In the stages' own schema, since a view looks for names in its schema first.
    String all = quote(name + "$all");
    database.execute("CREATE VIEW " + all + " AS " + query(name));
    view(name, "SELECT * EXCLUDE (__reason) FROM " + all + " WHERE __reason IS NULL");
    String row =
        plan.schema(name).getFields().stream()
            .map(f -> "'" + f.getName().replace("'", "''") + "', " + quote(f.getName()))
            .collect(Collectors.joining(", ", "CAST(json_object(", ") AS VARCHAR)"));
    return database.execute(
        "INSERT INTO %s SELECT '%s', __reason, NULL, %s, NULL, event_time FROM %s WHERE __reason IS NOT NULL"
            .formatted(SourceRows.QUARANTINE, name.replace("'", "''"), row, all),
        fraction -> {});
  }
}
