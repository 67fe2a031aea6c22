package io.sagitta.engine.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Rows that wait for a window to close, by input and in order of arrival. */
final class HeldRows implements AutoCloseable {
  private final Map<String, List<Chunk>> chunks = new HashMap<>();
  private long rows;

  /** Copies rows, which stay the caller's, to the end of those of {@code input}. */
  void append(String input, VectorSchemaRoot more, BufferAllocator allocator) {
    List<Chunk> list = chunks.computeIfAbsent(input, i -> new ArrayList<>());
    if (list.isEmpty() || !list.get(list.size() - 1).takesMore()) {
      list.add(new Chunk(more.getSchema(), allocator));
    }
    list.get(list.size() - 1).append(more);
    rows += more.getRowCount();
  }

  /** Returns the number of rows of all inputs. */
  long rows() {
    return rows;
  }

  List<Chunk> chunks(String input) {
    return chunks.getOrDefault(input, List.of());
  }

  /** Returns the chunks of all inputs that are in memory. */
  List<Chunk> inMemory() {
    return chunks.values().stream().flatMap(List::stream).filter(Chunk::isInMemory).toList();
  }

  @Override
  public void close() {
    chunks.values().forEach(list -> list.forEach(Chunk::close));
    chunks.clear();
    rows = 0;
  }
}
