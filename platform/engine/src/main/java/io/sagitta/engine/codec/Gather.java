package io.sagitta.engine.codec;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Copies chosen rows of a batch, column by column. Thread-safe. */
public final class Gather {
  private Gather() {}

  /**
   * Copies rows into a new batch.
   *
   * @param root stays the caller's
   * @param indices row numbers in the order wanted; a row may occur more than once
   * @param count how many of {@code indices} count, from the first
   * @return of the same schema; owned by the caller
   * @throws IndexOutOfBoundsException if an index is not a row of {@code root}
   */
  public static VectorSchemaRoot rows(
      VectorSchemaRoot root, int[] indices, int count, BufferAllocator allocator) {
    check(root, indices, count);
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (FieldVector source : root.getFieldVectors()) {
        FieldVector target = source.getField().createVector(allocator);
        columns.add(target);
        copy(source, target, indices, count);
      }
      return new VectorSchemaRoot(root.getSchema(), columns, count);
    } catch (RuntimeException | OutOfMemoryError e) {
      columns.forEach(FieldVector::close);
      throw e;
    }
  }

  /** The copies below address memory directly; here is where they learn that they may. */
  private static void check(VectorSchemaRoot root, int[] indices, int count) {
    for (FieldVector column : root.getFieldVectors()) {
      if (column.getValueCount() < root.getRowCount()) {
        throw new IllegalArgumentException(
            "Column %s has %d values in a batch of %d rows"
                .formatted(column.getName(), column.getValueCount(), root.getRowCount()));
      }
    }
    int rows = root.getRowCount();
    for (int i = 0; i < count; i++) {
      if (indices[i] < 0 || indices[i] >= rows) {
        throw new IndexOutOfBoundsException("Row " + indices[i] + " of a batch of " + rows);
      }
    }
  }

  private static void copy(FieldVector source, FieldVector target, int[] indices, int count) {
    if (source instanceof BaseFixedWidthVector from
        && target instanceof BaseFixedWidthVector to
        && !(source instanceof BitVector)) {
      to.allocateNew(count);
      fixed(from, to, indices, count);
      validity(from, to, indices, count);
    } else if (source instanceof BaseVariableWidthVector from
        && target instanceof BaseVariableWidthVector to) {
      variable(from, to, indices, count);
      validity(from, to, indices, count);
      to.setLastSet(count - 1);
    } else if (!(source instanceof NullVector)) {
      target.setInitialCapacity(count);
      target.allocateNew();
      for (int i = 0; i < count; i++) {
        target.copyFromSafe(indices[i], i, source);
      }
    }
    target.setValueCount(count);
  }

  private static void fixed(
      BaseFixedWidthVector source, BaseFixedWidthVector target, int[] indices, int count) {
    long from = source.getDataBuffer().memoryAddress();
    long to = target.getDataBuffer().memoryAddress();
    int width = source.getTypeWidth();
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          MemoryUtil.putByte(to + i, MemoryUtil.getByte(from + indices[i]));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          MemoryUtil.putShort(to + 2L * i, MemoryUtil.getShort(from + 2L * indices[i]));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          MemoryUtil.putInt(to + 4L * i, MemoryUtil.getInt(from + 4L * indices[i]));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          MemoryUtil.putLong(to + 8L * i, MemoryUtil.getLong(from + 8L * indices[i]));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          MemoryUtil.copyMemory(from + (long) width * indices[i], to + (long) width * i, width);
        }
      }
    }
  }

  private static void variable(
      BaseVariableWidthVector source, BaseVariableWidthVector target, int[] indices, int count) {
    long offsets = source.getOffsetBuffer().memoryAddress();
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      long at = offsets + 4L * indices[i];
      bytes += MemoryUtil.getInt(at + 4) - MemoryUtil.getInt(at);
    }
    target.allocateNew(bytes, count);
    long from = source.getDataBuffer().memoryAddress();
    long to = target.getDataBuffer().memoryAddress();
    // A value of up to eight bytes is copied as eight: what is too much, the next one overwrites.
    long readable = source.getDataBuffer().capacity() - Long.BYTES;
    long writable = target.getDataBuffer().capacity() - Long.BYTES;
    long newOffsets = target.getOffsetBuffer().memoryAddress();
    int end = 0;
    for (int i = 0; i < count; i++) {
      long at = offsets + 4L * indices[i];
      int start = MemoryUtil.getInt(at);
      int length = MemoryUtil.getInt(at + 4) - start;
      if (length <= Long.BYTES && start <= readable && end <= writable) {
        MemoryUtil.putLong(to + end, MemoryUtil.getLong(from + start));
      } else {
        MemoryUtil.copyMemory(from + start, to + end, length);
      }
      MemoryUtil.putInt(newOffsets + 4L * i, end);
      end += length;
    }
    MemoryUtil.putInt(newOffsets + 4L * count, end);
  }

  private static void validity(FieldVector source, FieldVector target, int[] indices, int count) {
    long from = source.getValidityBuffer().memoryAddress();
    long to = target.getValidityBuffer().memoryAddress();
    boolean nulls = source.getNullCount() > 0;
    for (int i = 0; i < count; i += Byte.SIZE) {
      int bits = 0;
      for (int j = Math.min(count - i, Byte.SIZE) - 1; j >= 0; j--) {
        int row = nulls ? indices[i + j] : 0;
        int bit = nulls ? (MemoryUtil.getByte(from + (row >> 3)) >> (row & 7)) & 1 : 1;
        bits = bits << 1 | bit;
      }
      MemoryUtil.putByte(to + (i >> 3), (byte) bits);
    }
  }
}
