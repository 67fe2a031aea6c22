package io.sagitta.gateway.streams;

import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.Gather;
import io.sagitta.engine.codec.KeyHash;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * For each key of a stream the row with the greatest event time, the later one of equals. Rows stay
 * in the batches they came in; a row that was overtaken is dead. Small batches, and those mostly
 * dead, are merged before long. Not thread-safe.
 */
final class LatestRows implements AutoCloseable {
  private static final int SMALL_ROWS = 8_192;
  private static final int MOST_SMALL = 64;

  private final List<String> key;
  private final BufferAllocator allocator;
  private final Map<Key, Place> places = new HashMap<>();
  private final List<Batch> batches = new ArrayList<>();

  /** A key by its hash, which is wide enough to tell keys apart. */
  private record Key(long high, long low) {}

  private record Place(Batch batch, int row, long eventTimeMicros) {}

  /** A batch, the key of each row, and which rows are the latest of their key. */
  private static final class Batch {
    private final VectorSchemaRoot rows;
    private final Key[] keys;
    private final BitSet live;

    Batch(VectorSchemaRoot rows) {
      this.rows = rows;
      this.keys = new Key[rows.getRowCount()];
      this.live = new BitSet(rows.getRowCount());
    }

    boolean isLoose() {
      int there = rows.getRowCount();
      return there < SMALL_ROWS || live.cardinality() * 2 < there;
    }
  }

  /**
   * Creates one without rows.
   *
   * @param allocator where merged batches live; stays the caller's
   */
  LatestRows(List<String> key, BufferAllocator allocator) {
    this.key = List.copyOf(key);
    this.allocator = allocator;
  }

  int keys() {
    return places.size();
  }

  /** Takes a batch over, which has all columns of the key. */
  void add(VectorSchemaRoot rows) {
    int count = rows.getRowCount();
    KeyHash.Hashes128 hashes;
    try {
      hashes = KeyHash.hash128(rows, key);
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
    Batch batch = new Batch(rows);
    batches.add(batch);
    for (int row = 0; row < count; row++) {
      batch.keys[row] = new Key(hashes.high()[row], hashes.low()[row]);
      long time = eventTime(rows, row);
      Place before = places.get(batch.keys[row]);
      if (before == null || time >= before.eventTimeMicros()) {
        if (before != null) {
          before.batch().live.clear(before.row());
        }
        places.put(batch.keys[row], new Place(batch, row, time));
        batch.live.set(row);
      }
    }
    if (batches.stream().filter(Batch::isLoose).count() > MOST_SMALL) {
      merge();
    }
  }

  private static long eventTime(VectorSchemaRoot rows, int row) {
    return rows.getVector(WireSchemas.EVENT_TIME) instanceof TimeStampMicroTZVector times
            && !times.isNull(row)
        ? times.get(row)
        : Long.MIN_VALUE;
  }

  private void merge() {
    Map<Schema, List<Batch>> loose = new LinkedHashMap<>();
    for (Batch batch : batches) {
      if (batch.isLoose()) {
        loose.computeIfAbsent(batch.rows.getSchema(), s -> new ArrayList<>()).add(batch);
      }
    }
    loose.forEach(
        (schema, parts) -> {
          Batch merged = merged(schema, parts);
          batches.removeAll(parts);
          parts.forEach(part -> part.rows.close());
          if (merged.keys.length == 0) {
            merged.rows.close();
          } else {
            batches.add(merged);
          }
        });
  }

  private Batch merged(Schema schema, List<Batch> parts) {
    int count = parts.stream().mapToInt(b -> b.live.cardinality()).sum();
    VectorSchemaRoot rows = VectorSchemaRoot.create(schema, allocator);
    try {
      for (FieldVector target : rows.getFieldVectors()) {
        target.setInitialCapacity(count);
        target.allocateNew();
        int at = 0;
        for (Batch part : parts) {
          FieldVector source = part.rows.getVector(target.getName());
          for (int row = next(part, 0); row >= 0; row = next(part, row + 1)) {
            target.copyFromSafe(row, at++, source);
          }
        }
        target.setValueCount(count);
      }
      rows.setRowCount(count);
    } catch (RuntimeException e) {
      rows.close();
      throw e;
    }
    Batch merged = new Batch(rows);
    int at = 0;
    for (Batch part : parts) {
      for (int row = next(part, 0); row >= 0; row = next(part, row + 1)) {
        Key moved = part.keys[row];
        merged.keys[at] = moved;
        merged.live.set(at);
        places.put(moved, new Place(merged, at, eventTime(rows, at)));
        at++;
      }
    }
    return merged;
  }

  private static int next(Batch batch, int from) {
    return batch.live.nextSetBit(from);
  }

  /**
   * Copies rows out.
   *
   * @param into where the copies live; they are the caller's
   * @param limit the most rows
   */
  List<VectorSchemaRoot> copy(Filter filter, int limit, BufferAllocator into) {
    List<VectorSchemaRoot> copies = new ArrayList<>();
    int left = limit;
    try {
      for (Batch batch : batches) {
        IntPredicate test = filter.on(batch.rows);
        int[] chosen = new int[Math.min(left, batch.live.cardinality())];
        int count = 0;
        for (int row = next(batch, 0);
            row >= 0 && count < chosen.length;
            row = next(batch, row + 1)) {
          if (test.test(row)) {
            chosen[count++] = row;
          }
        }
        if (count > 0) {
          copies.add(Gather.rows(batch.rows, chosen, count, into));
          left -= count;
        }
      }
      return copies;
    } catch (RuntimeException e) {
      copies.forEach(VectorSchemaRoot::close);
      throw e;
    }
  }

  @Override
  public void close() {
    batches.forEach(batch -> batch.rows.close());
    batches.clear();
    places.clear();
  }
}
