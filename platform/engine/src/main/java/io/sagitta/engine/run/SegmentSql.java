package io.sagitta.engine.run;

import io.sagitta.definition.CleanStage;
import io.sagitta.engine.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Composes the queries of consecutive row-local stages into one, each stage a CTE. */
final class SegmentSql {
  /** The column of a clean stage's query that says which expectation a row breaks. */
  static final Field REASON = Field.nullable("__reason", ArrowType.Utf8.INSTANCE);

  private static final String NUMBER = "__row";

  private final Relation base;
  private final List<Part> parts = new ArrayList<>();
  private final Optional<RefusalCount> refusals;

  /**
   * A stage.
   *
   * @param refuses whether its query has a {@link #REASON}
   * @param keepsCount whether it makes one row of each, in order
   */
  record Part(String name, String sql, Schema schema, boolean refuses, boolean keepsCount) {}

  /**
   * Reads the queries of {@code stages}, upstream first.
   *
   * @param inOrder whether rows must stay in order
   */
  SegmentSql(DuckSession session, Plan plan, String input, List<String> stages, boolean inOrder) {
    int references = 1;
    String from = input;
    for (String stage : stages) {
      String sql = plan.queries().get(stage);
      if (sql == null) {
        throw new EngineException(stage, "the plan has no query for it");
      }
      QueryShape shape = session.shape(stage, sql);
      boolean refuses = plan.definition().spec().stages().get(stage) instanceof CleanStage;
      if (parts.isEmpty()) {
        references = shape.references(input);
      }
      String run = inOrder ? inOrder(session, stage, shape, from).orElse(sql) : sql;
      parts.add(new Part(stage, run, plan.schema(stage), refuses, refuses || shape.isProjection()));
      from = stage;
    }
    base = Relation.of(session, input, plan.schema(input), references);
    refusals =
        parts.size() > 1 && parts.get(0).refuses()
            ? Optional.of(
                new RefusalCount(
                    session,
                    plan,
                    input,
                    stages.get(0),
                    session.shape(stages.get(0), parts.get(0).sql())))
            : Optional.empty();
  }

  /** Returns the query of a stage whose rows would lose their order, so that they keep it. */
  private static Optional<String> inOrder(
      DuckSession session, String stage, QueryShape shape, String from) {
    String numbered = from + "$numbered";
    return shape
        .numbered(from, numbered, NUMBER)
        .map(
            tree ->
                """
                WITH %s AS NOT MATERIALIZED (SELECT *, row_number() OVER () AS %s FROM %s)
                SELECT * EXCLUDE (%2$s) FROM (%4$s) ORDER BY %2$s"""
                    .formatted(
                        Sql.quoted(numbered),
                        Sql.quoted(NUMBER),
                        Sql.quoted(from),
                        session.print(stage, tree)));
  }

  List<Part> parts() {
    return parts;
  }

  StreamSlot slot() {
    return base.slot();
  }

  /** Returns the count of what the first stage refuses, if it is a clean stage and not the last. */
  Optional<RefusalCount> refusals() {
    return refusals;
  }

  /** Returns the query of the rows that stage {@code k} makes, with reasons if it refuses. */
  String all(int k) {
    List<String> ctes = new ArrayList<>();
    if (!base.definition().isEmpty()) {
      ctes.add(base.definition());
    }
    for (Part part : parts.subList(0, k)) {
      String name = Sql.quoted(part.name());
      if (part.refuses()) {
        String all = Sql.quoted(part.name() + "$all");
        ctes.add(all + " AS NOT MATERIALIZED (" + part.sql() + ")");
        ctes.add(
            "%s AS NOT MATERIALIZED (SELECT * EXCLUDE (%s) FROM %s WHERE %2$s IS NULL)"
                .formatted(name, Sql.quoted(REASON.getName()), all));
      } else {
        ctes.add(name + " AS NOT MATERIALIZED (" + part.sql() + ")");
      }
    }
    String query = parts.get(k).sql();
    return ctes.isEmpty()
        ? query
        : "WITH " + String.join(", ", ctes) + " SELECT * FROM (" + query + ")";
  }

  /** Returns the columns of {@link #all}. */
  Schema allSchema(int k) {
    Part part = parts.get(k);
    if (!part.refuses()) {
      return part.schema();
    }
    List<Field> fields = new ArrayList<>(part.schema().getFields());
    fields.add(REASON);
    return new Schema(fields);
  }

  /** Returns the query of how many rows stage {@code k} makes and how many of them it refuses. */
  String counts(int k) {
    String refused =
        parts.get(k).refuses() ? "count(" + Sql.quoted(REASON.getName()) + ")" : "0::BIGINT";
    return "SELECT count(*), " + refused + " FROM (" + all(k) + ")";
  }
}
