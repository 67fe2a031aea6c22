package io.sagitta.engine.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Splits batches by key, so that equal keys meet in one partition. Thread-safe. */
public final class KeyPartitioner {
  private KeyPartitioner() {}

  /**
   * The rows of one partition.
   *
   * @param partition from 0 on
   * @param rows at least one, in the order they had; owned by whoever has the part
   */
  public record Part(int partition, VectorSchemaRoot rows) {}

  /**
   * Splits a batch. A row's partition is its key's {@link KeyHash#hash64}, taken as an unsigned
   * fraction of 2<sup>64</sup> by its upper half, times the number of partitions.
   *
   * @param root taken over: closed, also on failure, or handed on as it is if all its rows belong
   *     to one partition
   * @param key names of columns; without any, all rows belong to partition 0
   * @param partitions at least 1
   * @return partitions that have rows, in ascending order; owned by the caller
   */
  public static List<Part> split(
      VectorSchemaRoot root, List<String> key, int partitions, BufferAllocator allocator) {
    List<Part> parts = new ArrayList<>();
    try {
      if (partitions < 1) {
        throw new IllegalArgumentException("A batch cannot be split into " + partitions + " parts");
      }
      int[] partitionOfRow = partitionOfRow(root, key, partitions);
      int[] end = new int[partitions + 1]; // of a partition's rows among the sorted ones
      for (int partition : partitionOfRow) {
        end[partition + 1]++;
      }
      for (int p = 0; p < partitions; p++) {
        if (end[p + 1] == root.getRowCount()) {
          return root.getRowCount() == 0 ? closed(root) : List.of(new Part(p, root));
        }
        end[p + 1] += end[p];
      }
      int[] start = end.clone();
      int[] rows = new int[partitionOfRow.length];
      for (int row = 0; row < rows.length; row++) {
        rows[end[partitionOfRow[row]]++] = row;
      }
      for (int p = 0; p < partitions; p++) {
        int count = start[p + 1] - start[p];
        if (count > 0) {
          int[] indices = Arrays.copyOfRange(rows, start[p], start[p + 1]);
          parts.add(new Part(p, Gather.rows(root, indices, count, allocator)));
        }
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      parts.forEach(part -> part.rows().close());
      root.close();
      throw e;
    }
    root.close();
    return parts;
  }

  private static List<Part> closed(VectorSchemaRoot root) {
    root.close();
    return List.of();
  }

  private static int[] partitionOfRow(VectorSchemaRoot root, List<String> key, int partitions) {
    int[] partitionOfRow = new int[root.getRowCount()];
    if (partitions > 1 && !key.isEmpty()) {
      long[] hashes = KeyHash.hash64(root, key);
      for (int i = 0; i < partitionOfRow.length; i++) {
        partitionOfRow[i] = (int) (((hashes[i] >>> 32) * partitions) >>> 32);
      }
    }
    return partitionOfRow;
  }
}
