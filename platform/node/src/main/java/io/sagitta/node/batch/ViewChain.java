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

/** Row-local stages of a chain, as views: the engine fuses them into whatever reads them. */
final class ViewChain {
  private final Plan plan;
  private final BatchDatabase database;

  ViewChain(Plan plan, BatchDatabase database) {
    this.plan = plan;
    this.database = database;
  }

  /** Makes a view for each stage of a source's {@code chain}; the source is a relation already. */
  Map<String, Counts> behindSource(Chain chain) throws SQLException {
    long read = count(chain.name());
    long rejected =
        database.number(
            "SELECT count(*) FROM %s WHERE stage = '%s'"
                .formatted(SourceRows.QUARANTINE, chain.name().replace("'", "''")));
    return behind(chain, new Counts(read + rejected, read, 0, 0, rejected, 0, 0));
  }

  /** Makes a view for each stage of {@code chain} behind its head, whose ledger is {@code head}. */
  Map<String, Counts> behind(Chain chain, Counts head) throws SQLException {
    Map<String, Counts> ledger = new LinkedHashMap<>();
    ledger.put(chain.name(), head);
    for (String name : chain.rowLocal()) {
      Stage stage = stage(name);
      long in = 0;
      for (String input : stage.inputs()) {
        in += ledger.getOrDefault(input, Counts.ZERO).out();
      }
      ledger.put(name, stage instanceof CleanStage ? clean(name, in) : view(name, in));
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

  private Counts view(String name, long in) throws SQLException {
    database.execute("CREATE VIEW " + quote(name) + " AS " + query(name));
    long out = count(name);
    return new Counts(in, out, in - out, 0, 0, 0, 0);
  }

  private Counts clean(String name, long in) throws SQLException {
    // In the stages' own schema, since a view looks for names in its schema first.
    String all = quote(name + "$all");
    database.execute("CREATE VIEW " + all + " AS " + query(name));
    database.execute(
        "CREATE VIEW %s AS SELECT * EXCLUDE (__reason) FROM %s WHERE __reason IS NULL"
            .formatted(quote(name), all));
    long refused = database.number("SELECT count(__reason) FROM " + all);
    if (refused > 0) {
      refuse(name, all);
    }
    return new Counts(in, in - refused, 0, 0, refused, 0, 0);
  }

  private void refuse(String name, String all) throws SQLException {
    String row =
        plan.schema(name).getFields().stream()
            .map(f -> "'" + f.getName().replace("'", "''") + "', " + quote(f.getName()))
            .collect(Collectors.joining(", ", "CAST(json_object(", ") AS VARCHAR)"));
    database.execute(
        "INSERT INTO %s SELECT '%s', __reason, NULL, %s, NULL, event_time FROM %s WHERE __reason IS NOT NULL"
            .formatted(SourceRows.QUARANTINE, name.replace("'", "''"), row, all));
  }
}
