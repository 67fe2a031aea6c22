package io.sagitta.engine.run;

import io.sagitta.definition.SqlStage;
import io.sagitta.engine.Plan;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
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
  private final BufferAllocator allocator;
  private final Map<String, Relation> relations = new LinkedHashMap<>();
  private final boolean merges;
  private final Query query;

  WindowQuery(DuckSession session, Plan plan, String stage, SqlStage definition) {
    String sql = plan.queries().get(stage);
    if (sql == null) {
      throw new EngineException(stage, "the plan has no query for it");
    }
    this.stage = stage;
    this.schema = plan.schema(stage);
    this.ownColumns = schema.getFields().size() - 3;
    this.allocator = session.allocator();
    QueryShape shape = session.shape(stage, sql);
    for (String input : definition.inputs()) {
      relations.put(
          input,
          Relation.of(session, input, windowed(plan.schema(input)), shape.references(input)));
    }
    this.merges = definition.inputs().size() == 1 && shape.isMergeable();
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
    this.query = session.query(stage, whole(each, !shape.isRowPreserving()), new Schema(fields));
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

  /**
   * Runs the query.
   *
   * @param windows in the order in which results are wanted; one only unless it {@link #merges}
   * @param store holds the windows' rows
   * @return the stage's rows, owned by the caller
   */
  List<VectorSchemaRoot> run(List<Span> windows, PaneStore store) {
    Map<StreamSlot, RowFeed> feeds = new HashMap<>();
    relations.forEach(
        (input, relation) -> {
          List<WindowFeed.Part> parts = new ArrayList<>();
          for (Span window : windows) {
            for (Pane pane : store.of(window)) {
              pane.chunks(input).forEach(chunk -> parts.add(new WindowFeed.Part(window, chunk)));
            }
          }
          feeds.put(relation.slot(), new WindowFeed(relation.slot().schema(), parts, allocator));
        });
    try {
      return query.run(feeds).stream().map(rows -> complete(rows, windows.get(0))).toList();
    } catch (ValueError e) {
      throw new EngineException(
          stage,
          "its query fails on the rows of a window from %s to %s: %s"
              .formatted(
                  Times.instant(windows.get(0).start()),
                  Times.instant(windows.get(windows.size() - 1).end()),
                  e.detail()),
          e);
    }
  }

  /** Adds the columns of the window, and the event time, that the query's rows lack. */
  private VectorSchemaRoot complete(VectorSchemaRoot rows, Span window) {
    int count = rows.getRowCount();
    List<Field> fields = schema.getFields();
    List<FieldVector> columns = new ArrayList<>(rows.getFieldVectors());
    if (!merges) {
      columns.add(Batches.instants(fields.get(ownColumns), window.start(), count, allocator));
      columns.add(Batches.instants(fields.get(ownColumns + 1), window.end(), count, allocator));
    }
    columns.add(Batches.share(columns.get(ownColumns + 1), fields.get(ownColumns + 2), allocator));
    return new VectorSchemaRoot(schema, columns, count);
  }
}
