package io.sagitta.engine.run;

import io.sagitta.engine.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * How many rows a segment's first stage refuses, if that is a clean stage and its rows do not leave
 * the segment. It reads only the columns of the expectations: a scan of strings costs more than the
 * conditions, and DuckDB reads every column that an Arrow stream has.
 */
final class RefusalCount {
  private static final Schema COUNT =
      new Schema(List.of(Field.nullable("refused", new ArrowType.Int(64, true))));

  private final Schema columns;
  private final StreamSlot slot;
  private final Query query;

  /**
   * Prepares to count for {@code stage}, a clean stage that reads {@code input}.
   *
   * @param shape of the stage's query
   */
  RefusalCount(DuckSession session, Plan plan, String input, String stage, QueryShape shape) {
    QueryShape refusals = shape.refusals();
    Set<String> read = refusals.columns();
    this.columns =
        new Schema(
            plan.schema(input).getFields().stream()
                .filter(field -> read.contains(QueryShape.folded(field.getName())))
                .toList());
    String narrow = stage + "$refusable"; // not the input: two stages may read other columns of it
    this.slot = session.slot(narrow, columns);
    this.query =
        session.query(
            stage,
            "WITH %s AS NOT MATERIALIZED (SELECT * FROM %s) SELECT count(%s) FROM (%s)"
                .formatted(
                    Sql.quoted(input),
                    Sql.quoted(narrow),
                    Sql.quoted(SegmentSql.REASON.getName()),
                    refusals.print(session, stage)),
            COUNT);
  }

  /** Returns how many of {@code rows}, which stay the caller's, the stage refuses. */
  long in(List<VectorSchemaRoot> rows) throws ValueError {
    List<VectorSchemaRoot> narrow = new ArrayList<>();
    for (VectorSchemaRoot batch : rows) {
      List<FieldVector> vectors = columns.getFields().stream().map(batch::getVector).toList();
      narrow.add(new VectorSchemaRoot(columns, vectors, batch.getRowCount()));
    }
    List<VectorSchemaRoot> counts = query.run(Map.of(slot, RowFeed.of(narrow)));
    try {
      return ((BigIntVector) counts.get(0).getVector(0)).get(0);
    } finally {
      Batches.close(counts);
    }
  }
}
