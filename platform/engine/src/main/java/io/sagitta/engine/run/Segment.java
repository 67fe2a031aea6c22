package io.sagitta.engine.run;

import io.sagitta.engine.Plan;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.Gather;
import io.sagitta.engine.run.Ledger.Figure;
import io.sagitta.engine.run.SegmentSql.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Row-local stages between two places where rows leave or enter a chain, run as one query.
 *
 * <p>The ledger needs what became of the rows at every stage, though only the last one's rows come
 * out. A stage that keeps the number of rows needs no counting; for any other that is not the last,
 * one more query counts, without its rows leaving DuckDB.
 */
final class Segment {
  private static final Schema COUNTS =
      new Schema(
          List.of(
              Field.nullable("rows", new ArrowType.Int(64, true)),
              Field.nullable("refused", new ArrowType.Int(64, true))));

  private final DuckSession session;
  private final SegmentSql sql;
  private final String input;
  private final Map<Integer, Query> rowQueries = new HashMap<>();
  private final Map<Integer, Query> countQueries = new HashMap<>();

  Segment(DuckSession session, Plan plan, String input, List<String> stages, boolean inOrder) {
    this.session = session;
    this.input = input;
    this.sql = new SegmentSql(session, plan, input, stages, inOrder);
  }

  /** Returns the stage or source whose rows it takes. */
  String input() {
    return input;
  }

  /** Returns the stage whose rows it makes. */
  String output() {
    return sql.parts().get(last()).name();
  }

  /**
   * Runs the stages.
   *
   * @param rows stay the caller's
   * @return owned by the caller
   */
  List<VectorSchemaRoot> run(List<VectorSchemaRoot> rows, Ledger ledger, QuarantineBuffer refused) {
    try (Isolation tried = new Isolation(query(last()), sql.slot(), session, rows)) {
      for (Isolation.Failure failure : tried.failures()) {
        blame(failure, ledger, refused);
      }
      long in = Batches.rows(tried.sound());
      for (int k = 0; k < last(); k++) {
        in = count(k, in, tried.sound(), ledger, refused);
      }
      return finish(in, tried, ledger, refused);
    } catch (ValueError e) {
      throw new EngineException(output(), "a count fails where the rows did not: " + e.told(), e);
    }
  }

  /** Counts what the inner stage {@code k} makes of {@code in} rows; returns how many go on. */
  private long count(
      int k, long in, List<VectorSchemaRoot> rows, Ledger ledger, QuarantineBuffer refused)
      throws ValueError {
    Part part = sql.parts().get(k);
    long out = in;
    long bad = 0;
    if (in > 0 && k == 0 && sql.refusals().isPresent()) {
      bad = sql.refusals().get().in(rows);
    } else if (in > 0 && (part.refuses() || !part.keepsCount())) {
      List<VectorSchemaRoot> counts =
          countQueries
              .computeIfAbsent(k, i -> session.query(part.name(), sql.counts(i), COUNTS))
              .run(Map.of(sql.slot(), RowFeed.of(rows)));
      out = ((BigIntVector) counts.get(0).getVector(0)).get(0);
      bad = ((BigIntVector) counts.get(0).getVector(1)).get(0);
      Batches.close(counts);
    }
    if (bad > 0) {
      List<VectorSchemaRoot> all = rowsOf(k, rows);
      try {
        refuse(k, all, rows, refused);
      } finally {
        Batches.close(all);
      }
    }
    book(part, in, out - bad, bad, ledger);
    return out - bad;
  }

  private List<VectorSchemaRoot> finish(
      long in, Isolation tried, Ledger ledger, QuarantineBuffer refused) throws ValueError {
    Part part = sql.parts().get(last());
    List<VectorSchemaRoot> good = tried.takeResults();
    if (part.refuses()) {
      try {
        refuse(last(), good, tried.sound(), refused);
      } catch (ValueError | RuntimeException e) {
        Batches.close(good);
        throw e;
      }
      good = withoutRefused(good, part.schema());
    }
    long out = Batches.rows(good);
    book(part, in, out, part.refuses() ? in - out : 0, ledger);
    return good;
  }

  private static void book(Part part, long in, long out, long bad, Ledger ledger) {
    ledger.add(part.name(), Figure.IN, in);
    ledger.add(part.name(), Figure.OUT, out);
    ledger.add(part.name(), Figure.QUARANTINED, bad);
    ledger.add(part.name(), Figure.FILTERED, in - out - bad);
  }

  /** Sends to quarantine the rows of stage {@code k} that have a reason, as they came to it. */
  private void refuse(
      int k,
      List<VectorSchemaRoot> all,
      List<VectorSchemaRoot> segmentRows,
      QuarantineBuffer refused)
      throws ValueError {
    if (all.stream().allMatch(batch -> isSound(reasons(batch)))) {
      return;
    }
    List<VectorSchemaRoot> before = k == 0 ? segmentRows : passedBy(k - 1, segmentRows);
    try {
      RowCursor came = new RowCursor(before);
      for (VectorSchemaRoot batch : all) {
        VarCharVector reasons = reasons(batch);
        for (int i = 0; i < batch.getRowCount(); i++) {
          came.advance();
          if (!reasons.isNull(i)) {
            String reason = String.valueOf(reasons.getObject(i));
            refused.add(
                sql.parts().get(k).name(), reason, Optional.empty(), came.batch(), came.row());
          }
        }
      }
    } finally {
      if (k > 0) {
        Batches.close(before);
      }
    }
  }

  /** Books a row on which the query fails, at the first stage that fails on it. */
  private void blame(Isolation.Failure failure, Ledger ledger, QuarantineBuffer refused) {
    List<VectorSchemaRoot> before = List.of(Batches.share(failure.row(), session.allocator()));
    String detail = failure.error().detail();
    int k = 0;
    try {
      while (k < last()) {
        List<VectorSchemaRoot> after = passedBy(k, List.of(failure.row()));
        Batches.close(before);
        before = after;
        book(sql.parts().get(k), 1, 1, 0, ledger);
        k++;
      }
    } catch (ValueError e) {
      detail = e.detail();
    }
    try {
      String stage = sql.parts().get(k).name();
      book(sql.parts().get(k), 1, 0, 1, ledger);
      VectorSchemaRoot row = before.isEmpty() ? failure.row() : before.get(0);
      refused.add(stage, Quarantine.ERROR, Optional.of(detail), row, 0);
    } finally {
      Batches.close(before);
    }
  }

  private List<VectorSchemaRoot> passedBy(int k, List<VectorSchemaRoot> rows) throws ValueError {
    List<VectorSchemaRoot> all = rowsOf(k, rows);
    Part part = sql.parts().get(k);
    if (!part.refuses()) {
      return all;
    }
    return withoutRefused(all, part.schema());
  }

  /** Takes over rows with reasons; returns those without, and without that column. */
  private List<VectorSchemaRoot> withoutRefused(List<VectorSchemaRoot> all, Schema schema) {
    List<VectorSchemaRoot> good = new ArrayList<>();
    all.forEach(batch -> good.addAll(withoutRefused(batch, schema)));
    return good;
  }

  private List<VectorSchemaRoot> withoutRefused(VectorSchemaRoot batch, Schema schema) {
    VarCharVector reasons = reasons(batch);
    List<FieldVector> columns = batch.getFieldVectors().subList(0, schema.getFields().size());
    VectorSchemaRoot good = new VectorSchemaRoot(schema, columns, batch.getRowCount());
    if (isSound(reasons)) {
      reasons.close();
      return List.of(good);
    }
    int[] rows = new int[batch.getRowCount()];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      if (reasons.isNull(i)) {
        rows[count++] = i;
      }
    }
    VectorSchemaRoot kept = Gather.rows(good, rows, count, session.allocator());
    batch.close();
    return count == 0 ? closed(kept) : List.of(kept);
  }

  private static List<VectorSchemaRoot> closed(VectorSchemaRoot batch) {
    batch.close();
    return List.of();
  }

  private static VarCharVector reasons(VectorSchemaRoot batch) {
    return (VarCharVector) batch.getVector(batch.getFieldVectors().size() - 1);
  }

  private static boolean isSound(FieldVector reasons) {
    return reasons.getNullCount() == reasons.getValueCount();
  }

  private List<VectorSchemaRoot> rowsOf(int k, List<VectorSchemaRoot> rows) throws ValueError {
    return query(k).run(Map.of(sql.slot(), RowFeed.of(rows)));
  }

  private Query query(int k) {
    return rowQueries.computeIfAbsent(
        k, i -> session.query(sql.parts().get(i).name(), sql.all(i), sql.allSchema(i)));
  }

  private int last() {
    return sql.parts().size() - 1;
  }
}
