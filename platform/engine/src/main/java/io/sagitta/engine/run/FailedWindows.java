package io.sagitta.engine.run;

import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.Gather;
import io.sagitta.engine.run.Ledger.Figure;
import io.sagitta.engine.run.WindowSpans.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Closed windows on whose rows a stage's query fails, so that one bad row does not hold its
 * pipeline for ever: the rows that are to blame go to quarantine, and the query runs over the
 * others, window by window.
 *
 * <p>A row is to blame if the query fails on it alone. Where no row fails alone (a sum that
 * overflows), and where a window has rows of several inputs, all of the window's rows are.
 */
final class FailedWindows {
  private final WindowQuery query;
  private final TaskScope scope;
  private final BiPredicate<Long, Span> lastOf;

  /**
   * Creates one for a stage's query.
   *
   * @param lastOf whether a row of that event time, in microseconds, is in no later window than
   *     this: a row of several windows is left out of each that fails on it, but goes to quarantine
   *     once
   */
  FailedWindows(WindowQuery query, TaskScope scope, BiPredicate<Long, Span> lastOf) {
    this.query = query;
    this.scope = scope;
    this.lastOf = lastOf;
  }

  /**
   * Runs the query over what is sound.
   *
   * @param rows of all windows by input, with the windows' columns; they stay the caller's
   * @return what {@link WindowQuery#run} returns, owned by the caller
   */
  List<VectorSchemaRoot> run(Map<String, List<VectorSchemaRoot>> rows) {
    TreeSet<Span> windows = new TreeSet<>();
    rows.values().forEach(batches -> batches.forEach(batch -> windows.addAll(spans(batch))));
    List<VectorSchemaRoot> made = new ArrayList<>();
    try {
      for (Span window : windows) {
        Map<String, List<VectorSchemaRoot>> part = new HashMap<>();
        try {
          rows.forEach((input, batches) -> part.put(input, rowsOf(window, batches)));
          made.addAll(one(window, part));
        } finally {
          part.values().forEach(Batches::close);
        }
      }
      return made;
    } catch (RuntimeException e) {
      Batches.close(made);
      throw e;
    }
  }

  private List<VectorSchemaRoot> one(Span window, Map<String, List<VectorSchemaRoot>> rows) {
    try {
      return query.run(query.feeds(rows));
    } catch (ValueError error) {
      if (query.inputs().size() > 1) {
        rows.values().forEach(batches -> refuseAll(window, batches, error));
        return List.of();
      }
      String input = rows.keySet().iterator().next();
      try (Isolation tried = query.isolation(input, rows.getOrDefault(input, List.of()))) {
        tried.failures().forEach(f -> refuse(window, f.row(), 0, f.error().detail()));
        return tried.sound().isEmpty() ? List.of() : rest(window, input, tried.sound());
      }
    }
  }

  private List<VectorSchemaRoot> rest(Span window, String input, List<VectorSchemaRoot> sound) {
    try {
      return query.run(query.feeds(Map.of(input, sound)));
    } catch (ValueError together) {
      refuseAll(window, sound, together);
      return List.of();
    }
  }

  private void refuseAll(Span window, List<VectorSchemaRoot> batches, ValueError error) {
    String detail =
        "the query fails on all rows together of the window from %s to %s: %s"
            .formatted(Times.instant(window.start()), Times.instant(window.end()), error.detail());
    for (VectorSchemaRoot batch : batches) {
      for (int row = 0; row < batch.getRowCount(); row++) {
        refuse(window, batch, row, detail);
      }
    }
  }

  private void refuse(Span window, VectorSchemaRoot batch, int row, String detail) {
    if (!lastOf.test(Times.of(batch).get(row), window)) {
      return;
    }
    List<Field> fields = batch.getSchema().getFields();
    int own = fields.size() - 2;
    VectorSchemaRoot asItCame =
        new VectorSchemaRoot(
            fields.subList(0, own), batch.getFieldVectors().subList(0, own), batch.getRowCount());
    scope.quarantine().add(scope.head(), Quarantine.ERROR, Optional.of(detail), asItCame, row);
    scope.ledger().add(scope.head(), Figure.QUARANTINED, 1);
    scope.ledger().add(scope.head(), Figure.FILTERED, -1);
  }

  private List<VectorSchemaRoot> rowsOf(Span window, List<VectorSchemaRoot> batches) {
    List<VectorSchemaRoot> part = new ArrayList<>();
    for (VectorSchemaRoot batch : batches) {
      TimeStampMicroTZVector starts = column(batch, 2);
      TimeStampMicroTZVector ends = column(batch, 1);
      int[] rows = new int[batch.getRowCount()];
      int count = 0;
      for (int i = 0; i < rows.length; i++) {
        if (starts.get(i) == window.start() && ends.get(i) == window.end()) {
          rows[count++] = i;
        }
      }
      if (count > 0) {
        part.add(Gather.rows(batch, rows, count, scope.allocator()));
      }
    }
    return part;
  }

  private static List<Span> spans(VectorSchemaRoot batch) {
    TimeStampMicroTZVector starts = column(batch, 2);
    TimeStampMicroTZVector ends = column(batch, 1);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < batch.getRowCount(); i++) {
      if (i == 0 || starts.get(i) != starts.get(i - 1) || ends.get(i) != ends.get(i - 1)) {
        spans.add(new Span(starts.get(i), ends.get(i)));
      }
    }
    return spans;
  }

  private static TimeStampMicroTZVector column(VectorSchemaRoot batch, int fromTheEnd) {
    List<FieldVector> vectors = batch.getFieldVectors();
    return (TimeStampMicroTZVector) vectors.get(vectors.size() - fromTheEnd);
  }
}
