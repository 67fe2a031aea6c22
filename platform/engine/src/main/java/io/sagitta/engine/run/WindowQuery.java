package io.sagitta.engine.run;

import io.sagitta.definition.SqlStage;
import io.sagitta.definition.Window;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The query of a windowed stage, run over closed windows: over many in one call if that makes the
 * same rows ({@link QueryShape#isMergeable}), else over one at a time.
 *
 * <p>Rows that come out of a hash table have no order that two versions of one history share for
 * certain, so results are sorted, unless the query passes rows on as they come.
 */
final class WindowQuery {
  private static final Field WINDOW_START =
      Field.nullable(WireSchemas.WINDOW_START, WireSchemas.TIMESTAMP);
  private static final Field WINDOW_END =
      Field.nullable(WireSchemas.WINDOW_END, WireSchemas.TIMESTAMP);

  private final String stage;
  private final Schema schema;
  private final int ownColumns;
  private final DuckSession session;
  private final BufferAllocator allocator;
  private final Map<String, Relation> relations = new LinkedHashMap<>();
  private final boolean merges;
  private final Query query;

  /**
   * Prepares the query of {@code stage}.
   *
   * @param inOrder whether rows are fed window by window, so that a query that passes them on as
   *     they come needs no sorting
   */
  WindowQuery(DuckSession session, Plan plan, String stage, SqlStage definition, boolean inOrder) {
    String sql = plan.queries().get(stage);
    if (sql == null) {
      throw new EngineException(stage, "the plan has no query for it");
    }
    this.stage = stage;
    this.schema = plan.schema(stage);
    this.ownColumns = schema.getFields().size() - 3;
    this.session = session;
    this.allocator = session.allocator();
    QueryShape shape = session.shape(stage, sql);
    for (String input : definition.inputs()) {
      relations.put(
          input,
          Relation.of(session, input, windowed(plan.schema(input)), shape.references(input)));
    }
    boolean many = definition.window().filter(Window.WholeInput.class::isInstance).isEmpty();
    this.merges = many && definition.inputs().size() == 1 && shape.isMergeable();
    String each =
        merges
            ? session.print(
                stage, shape.with(List.of(WireSchemas.WINDOW_START, WireSchemas.WINDOW_END)))
            : sql;
    List<Field> fields = new ArrayList<>(schema.getFields().subList(0, ownColumns));
    if (merges) {
      fields.add(WINDOW_START);
      fields.add(WINDOW_END);
    }
    this.query =
        session.query(stage, whole(each, !inOrder || !shape.isRowPreserving()), new Schema(fields));
  }

  private static Schema windowed(Schema input) {
    List<Field> fields =
        new ArrayList<>(
            input.getFields().stream()
                .filter(f -> !f.getName().equals(WireSchemas.WINDOW_START))
                .filter(f -> !f.getName().equals(WireSchemas.WINDOW_END))
                .toList());
    fields.add(WINDOW_START);
    fields.add(WINDOW_END);
    return new Schema(fields);
  }

  private String whole(String each, boolean sorted) {
    String ctes =
        relations.values().stream()
            .map(Relation::definition)
            .filter(definition -> !definition.isEmpty())
            .collect(Collectors.joining(", "));
    return (ctes.isEmpty() ? "" : "WITH " + ctes + " ")
        + "SELECT * FROM ("
        + each
        + ")"
        + (sorted ? " ORDER BY " + order() : "");
  }

  private String order() {
    String own =
        IntStream.rangeClosed(1, ownColumns)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    return merges ? (ownColumns + 2) + ", " + (ownColumns + 1) + ", " + own : own;
  }

  /** Whether {@link #run} may be given more than one window. */
  boolean merges() {
    return merges;
  }

  /** Returns the columns that the query itself yields. */
  List<Field> ownColumns() {
    return schema.getFields().subList(0, ownColumns);
  }

  /** Returns an empty column for the start (0) or end (1) of rows' windows. */
  TimeStampMicroTZVector windowColumn(int which) {
    return new TimeStampMicroTZVector(schema.getFields().get(ownColumns + which), allocator);
  }

  /**
   * Takes rows of {@code input} over, without columns that the window's will replace.
   *
   * @param came left empty
   */
  VectorSchemaRoot stored(String input, VectorSchemaRoot came, Schema columns) {
    VectorSchemaRoot rows = Batches.adopt(stage, came, columns, allocator);
    List<Field> kept = fed(input).getFields();
    List<FieldVector> vectors = new ArrayList<>();
    for (Field field : kept.subList(0, kept.size() - 2)) {
      vectors.add(rows.getVector(field));
    }
    rows.getFieldVectors().stream().filter(v -> !vectors.contains(v)).forEach(FieldVector::close);
    return new VectorSchemaRoot(kept.subList(0, kept.size() - 2), vectors, rows.getRowCount());
  }

  /** Returns the columns under which rows of {@code input} are fed: its own, then the window's. */
  Schema fed(String input) {
    return relation(input).slot().schema();
  }

  /** Returns the names of the inputs. */
  Set<String> inputs() {
    return relations.keySet();
  }

  private Relation relation(String input) {
    Relation relation = relations.get(input);
    if (relation == null) {
      throw new EngineException(stage, "it has no input '" + input + "'");
    }
    return relation;
  }

  /**
   * Runs the query.
   *
   * @param feeds the windows' rows by input; one window's only unless it {@link #merges}
   * @return the stage's own columns, then the window's if it merges; owned by the caller
   * @throws ValueError if it fails on a row's values; {@link FailedWindows} says on which
   */
  List<VectorSchemaRoot> run(Map<String, RowFeed> feeds) throws ValueError {
    Map<StreamSlot, RowFeed> bySlot = new HashMap<>();
    feeds.forEach((input, feed) -> bySlot.put(relation(input).slot(), feed));
    return query.run(bySlot);
  }

  /** Returns feeds of {@code rows} by input, which stay the caller's; an input may have none. */
  Map<String, RowFeed> feeds(Map<String, List<VectorSchemaRoot>> rows) {
    Map<String, RowFeed> feeds = new HashMap<>();
    for (String input : inputs()) {
      feeds.put(input, RowFeed.of(rows.getOrDefault(input, List.of())));
    }
    return feeds;
  }

  /** Parts rows of the only input, on which the query fails, from those on which it does not. */
  Isolation isolation(String input, List<VectorSchemaRoot> rows) {
    return new Isolation(query, relation(input).slot(), session, rows);
  }

  /** Adds the event time, which is the window's end, to rows that have their window. */
  VectorSchemaRoot complete(VectorSchemaRoot rows) {
    List<Field> fields = schema.getFields();
    List<FieldVector> columns = new ArrayList<>(rows.getFieldVectors());
    columns.add(Batches.share(columns.get(ownColumns + 1), fields.get(ownColumns + 2), allocator));
    return new VectorSchemaRoot(schema, columns, rows.getRowCount());
  }

  /** Adds {@code window} and the event time to rows that have their own columns only. */
  VectorSchemaRoot complete(VectorSchemaRoot rows, Optional<Span> window) {
    int count = rows.getRowCount();
    List<Field> fields = schema.getFields();
    return complete(
        rows,
        WindowFeed.bound(fields.get(ownColumns), window.map(Span::start), count, allocator),
        WindowFeed.bound(fields.get(ownColumns + 1), window.map(Span::end), count, allocator));
  }

  /** Adds their windows and the event time to rows that have their own columns only. */
  VectorSchemaRoot complete(VectorSchemaRoot rows, FieldVector start, FieldVector end) {
    List<Field> fields = new ArrayList<>(rows.getSchema().getFields());
    List<FieldVector> columns = new ArrayList<>(rows.getFieldVectors());
    fields.add(start.getField());
    fields.add(end.getField());
    columns.add(start);
    columns.add(end);
    return complete(new VectorSchemaRoot(fields, columns, rows.getRowCount()));
  }
}
