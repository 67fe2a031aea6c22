package io.sagitta.engine.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Schema;

/** Some rows of an open window, in memory or in a file of their own. */
final class Chunk implements AutoCloseable {
  /** A chunk takes no more rows from here on, so that spilling and reading back stay small. */
  private static final int FULL_ROWS = 32_768;

  private final BufferAllocator allocator;
  private final RowBuffer rows;
  private int count;
  private Optional<Path> file = Optional.empty();

  Chunk(Schema schema, BufferAllocator allocator) {
    this.allocator = allocator;
    this.rows = new RowBuffer(schema, allocator);
  }

  boolean takesMore() {
    return file.isEmpty() && count < FULL_ROWS;
  }

  void append(VectorSchemaRoot more) {
    rows.append(more);
    count += more.getRowCount();
  }

  int rowCount() {
    return count;
  }

  boolean isInMemory() {
    return file.isEmpty();
  }

  /** Moves the rows from memory to the file {@code path}. */
  void spill(Path path) {
    try (FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ArrowStreamWriter writer = new ArrowStreamWriter(rows.batch(), null, channel)) {
      writer.start();
      writer.writeBatch();
      writer.end();
    } catch (IOException e) {
      throw new UncheckedIOException("Rows of open windows cannot be spilled to " + path, e);
    }
    file = Optional.of(path);
    rows.close();
  }

  /** Returns the rows, owned by the caller. */
  VectorSchemaRoot load() {
    if (file.isEmpty()) {
      return Batches.share(rows.batch(), allocator);
    }
    try (FileChannel channel = FileChannel.open(file.get(), StandardOpenOption.READ);
        ArrowStreamReader reader =
            new ArrowStreamReader(Channels.newInputStream(channel), allocator)) {
      reader.loadNextBatch();
      return Batches.share(reader.getVectorSchemaRoot(), allocator);
    } catch (IOException e) {
      throw new UncheckedIOException("Spilled rows cannot be read back from " + file.get(), e);
    }
  }

  @Override
  public void close() {
    rows.close();
    file.ifPresent(
        path -> {
          try {
            Files.deleteIfExists(path);
          } catch (IOException e) {
            throw new UncheckedIOException("A spilled file cannot be deleted: " + path, e);
          }
        });
  }
}
