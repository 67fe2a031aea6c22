package io.sagitta.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;

/** Operations on whole batches that move or share buffers where they can. */
final class Batches {
  private Batches() {}

  /** Returns a second owner of rows {@code from} to {@code from + count} of {@code batch}. */
  static VectorSchemaRoot share(
      VectorSchemaRoot batch, int from, int count, BufferAllocator allocator) {
    List<FieldVector> columns = new ArrayList<>();
    for (FieldVector column : batch.getFieldVectors()) {
      TransferPair pair = column.getTransferPair(column.getField(), allocator);
      pair.splitAndTransfer(from, count);
      columns.add((FieldVector) pair.getTo());
    }
    return new VectorSchemaRoot(batch.getSchema(), columns, count);
  }

  /** Returns a second owner of all rows of {@code batch}. */
  static VectorSchemaRoot share(VectorSchemaRoot batch, BufferAllocator allocator) {
    return share(batch, 0, batch.getRowCount(), allocator);
  }

  /** Returns a second owner of {@code column} under the name and metadata of {@code field}. */
  static FieldVector share(FieldVector column, Field field, BufferAllocator allocator) {
    TransferPair pair = column.getTransferPair(field, allocator);
    pair.splitAndTransfer(0, column.getValueCount());
    return (FieldVector) pair.getTo();
  }

  /**
   * Moves the first columns of {@code batch} into a batch of {@code schema}, which has their types;
   * {@code batch} is left empty but for further columns.
   *
   * @param stage for messages
   * @throws EngineException if types differ or columns are missing
   */
  static VectorSchemaRoot adopt(
      String stage, VectorSchemaRoot batch, Schema schema, BufferAllocator allocator) {
    return new VectorSchemaRoot(
        schema, adopt(stage, batch, schema.getFields(), allocator), batch.getRowCount());
  }

  /** Moves the first columns of {@code batch} into vectors of {@code fields}. */
  static List<FieldVector> adopt(
      String stage, VectorSchemaRoot batch, List<Field> fields, BufferAllocator allocator) {
    requireTypes(stage, batch.getSchema(), fields);
    List<FieldVector> columns = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      TransferPair pair = batch.getVector(i).getTransferPair(fields.get(i), allocator);
      pair.transfer();
      columns.add((FieldVector) pair.getTo());
    }
    return columns;
  }

  private static void requireTypes(String stage, Schema actual, List<Field> wanted) {
    List<Field> fields = actual.getFields();
    for (int i = 0; i < wanted.size(); i++) {
      if (i >= fields.size() || !fields.get(i).getType().equals(wanted.get(i).getType())) {
        throw new EngineException(
            stage,
            "column %d should be %s but rows have %s. Sender and reader run different revisions?"
                .formatted(i + 1, wanted.get(i), i < fields.size() ? fields.get(i) : "no more"));
      }
    }
  }

  /**
   * Joins small batches and cuts large ones, in order, so that none but the last of a run is far
   * below {@code rows} and none is above.
   *
   * @param batches of one schema; taken over
   */
  static List<VectorSchemaRoot> resize(
      List<VectorSchemaRoot> batches, int rows, BufferAllocator allocator) {
    List<VectorSchemaRoot> resized = new ArrayList<>();
    int next = 0;
    while (next < batches.size()) {
      int last = next;
      long sum = batches.get(next).getRowCount();
      while (last + 1 < batches.size() && sum + batches.get(last + 1).getRowCount() <= rows) {
        sum += batches.get(++last).getRowCount();
      }
      List<VectorSchemaRoot> run = batches.subList(next, last + 1);
      resized.addAll(
          last > next ? List.of(joined(run, allocator)) : cut(run.get(0), rows, allocator));
      next = last + 1;
    }
    return resized;
  }

  private static VectorSchemaRoot joined(List<VectorSchemaRoot> run, BufferAllocator allocator) {
    RowBuffer buffer = new RowBuffer(run.get(0).getSchema(), allocator);
    run.forEach(buffer::append);
    close(run);
    return buffer.batch();
  }

  private static List<VectorSchemaRoot> cut(
      VectorSchemaRoot batch, int rows, BufferAllocator allocator) {
    if (batch.getRowCount() <= rows) {
      return List.of(batch);
    }
    List<VectorSchemaRoot> parts = new ArrayList<>();
    for (int from = 0; from < batch.getRowCount(); from += rows) {
      parts.add(share(batch, from, Math.min(rows, batch.getRowCount() - from), allocator));
    }
    batch.close();
    return parts;
  }

  /** Returns a column of {@code count} times {@code micros}. */
  static TimeStampMicroTZVector instants(
      Field field, long micros, int count, BufferAllocator allocator) {
    TimeStampMicroTZVector column = new TimeStampMicroTZVector(field, allocator);
    column.allocateNew(Math.max(count, 1));
    long at = column.getDataBuffer().memoryAddress();
    for (int i = 0; i < count; i++) {
      MemoryUtil.putLong(at + 8L * i, micros);
    }
    MemoryUtil.setMemory(column.getValidityBuffer().memoryAddress(), (count + 7) / 8, (byte) 0xff);
    column.setValueCount(count);
    return column;
  }

  /** Returns a column without a single instant. */
  static TimeStampMicroTZVector noInstants(Field field, int count, BufferAllocator allocator) {
    TimeStampMicroTZVector column = new TimeStampMicroTZVector(field, allocator);
    column.allocateNew(Math.max(count, 1));
    column.setValueCount(count);
    return column;
  }

  /** Returns the number of rows in all of {@code batches}. */
  static long rows(List<VectorSchemaRoot> batches) {
    long rows = 0;
    for (VectorSchemaRoot batch : batches) {
      rows += batch.getRowCount();
    }
    return rows;
  }

  /** Closes all of {@code batches}. */
  static void close(Iterable<VectorSchemaRoot> batches) {
    batches.forEach(VectorSchemaRoot::close);
  }

  /** Returns all that {@code feed}, which is closed, has; owned by the caller. */
  static List<VectorSchemaRoot> all(RowFeed feed, BufferAllocator allocator) {
    List<VectorSchemaRoot> batches = new ArrayList<>();
    try (feed) {
      for (Optional<VectorSchemaRoot> next = feed.next(); next.isPresent(); next = feed.next()) {
        batches.add(share(next.get(), allocator));
      }
      return batches;
    } catch (RuntimeException e) {
      close(batches);
      throw e;
    }
  }
}
