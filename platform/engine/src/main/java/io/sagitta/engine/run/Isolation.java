package io.sagitta.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * A run of a row-local query that parts the rows it fails on from the sound ones: when a run fails
 * on values, each half of its rows runs again, down to single rows. Closing it releases what was
 * not taken.
 */
final class Isolation implements AutoCloseable {
  private final Query query;
  private final StreamSlot slot;
  private final DuckSession session;
  private final List<VectorSchemaRoot> sound = new ArrayList<>();
  private final List<VectorSchemaRoot> owned = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private List<VectorSchemaRoot> results = new ArrayList<>();

  /**
   * A row on which the query fails.
   *
   * @param row a batch of one
   */
  record Failure(VectorSchemaRoot row, ValueError error) {}

  /** Runs {@code query} over {@code rows}, which stay the caller's. */
  Isolation(Query query, StreamSlot slot, DuckSession session, List<VectorSchemaRoot> rows) {
    this.query = query;
    this.slot = slot;
    this.session = session;
    try {
      run(rows);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void run(List<VectorSchemaRoot> rows) {
    try {
      results.addAll(query.run(Map.of(slot, RowFeed.of(rows))));
      sound.addAll(rows);
    } catch (ValueError e) {
      int count = (int) Batches.rows(rows);
      if (count == 0) {
        throw new EngineException(query.stage(), e.told(), e);
      }
      if (count == 1) {
        failures.add(new Failure(rows.get(0), e));
        return;
      }
      run(slice(rows, 0, count / 2));
      run(slice(rows, count / 2, count));
    }
  }

  private List<VectorSchemaRoot> slice(List<VectorSchemaRoot> rows, int from, int to) {
    List<VectorSchemaRoot> slices = new ArrayList<>();
    int start = 0;
    for (VectorSchemaRoot batch : rows) {
      int first = Math.max(from - start, 0);
      int end = Math.min(to - start, batch.getRowCount());
      if (first < end) {
        VectorSchemaRoot slice = Batches.share(batch, first, end - first, session.allocator());
        slices.add(slice);
        owned.add(slice);
      }
      start += batch.getRowCount();
    }
    return slices;
  }

  /** Returns the rows on which the query did not fail, in order; they stay this one's. */
  List<VectorSchemaRoot> sound() {
    return sound;
  }

  /** Returns the rows on which it failed, in order; they stay this one's. */
  List<Failure> failures() {
    return failures;
  }

  /** Returns what the query made of the sound rows, owned by the caller from now on. */
  List<VectorSchemaRoot> takeResults() {
    List<VectorSchemaRoot> taken = results;
    results = new ArrayList<>();
    return taken;
  }

  @Override
  public void close() {
    Batches.close(results);
    Batches.close(owned);
  }
}
