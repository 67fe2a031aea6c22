package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.DuckDbRows;
import io.sagitta.definition.FileSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** Chunks of an Arrow IPC file or stream: its batches. */
final class ArrowChunks implements FileChunks {
  private static final byte[] FILE_MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

  private final Path file;
  private final String source;
  private final FileSource definition;
  private final Schema schema;
  private final BufferAllocator allocator;
  private final TypedRows engine;
  private final FileChannel channel;
  private final ArrowReader reader;
  private final Instant modified;
  private long at;
  private boolean more;

  private ArrowChunks(
      Path file,
      String source,
      FileSource definition,
      Schema schema,
      BufferAllocator allocator,
      TypedRows engine,
      FileChannel channel)
      throws IOException {
    this.file = file;
    this.source = source;
    this.definition = definition;
    this.schema = schema;
    this.allocator = allocator;
    this.engine = engine;
    this.channel = channel;
    this.modified = Files.getLastModifiedTime(file).toInstant();
    byte[] magic = new byte[FILE_MAGIC.length];
    channel.read(java.nio.ByteBuffer.wrap(magic), 0);
    this.reader =
        Arrays.equals(magic, FILE_MAGIC)
            ? new ArrowFileReader(channel, allocator)
            : new ArrowStreamReader(channel, allocator);
  }

  static ArrowChunks open(
      Path file, String source, FileSource definition, Schema schema, BufferAllocator allocator)
      throws IOException, ConnectorException {
    FileChannel channel = FileChannel.open(file);
    try {
      TypedRows engine = new TypedRows(allocator);
      ArrowChunks chunks =
          new ArrowChunks(file, source, definition, schema, allocator, engine, channel);
      try {
        chunks.more = chunks.reader.loadNextBatch();
        return chunks;
      } catch (IOException | RuntimeException e) {
        chunks.close();
        throw failed(file, e);
      }
    } catch (SQLException e) {
      channel.close();
      throw failed(file, e);
    }
  }

  @Override
  public Piece read(long wanted) throws IOException, ConnectorException {
    try {
      while (at < wanted && more) {
        more = reader.loadNextBatch();
        at++;
      }
      if (!more) {
        VectorSchemaRoot none = VectorSchemaRoot.create(schema, allocator);
        return new Piece(new Content.Rows(none, Optional.empty()), wanted, true);
      }
      DuckDbRows.run(
          engine.connection(),
          "batch",
          reader.getVectorSchemaRoot(),
          allocator,
          on -> on.prepareStatement("CREATE OR REPLACE TEMP TABLE chunk AS SELECT * FROM batch"));
      ColumnMapping mapping = engine.mapping("chunk", file.toString(), definition);
      VectorSchemaRoot good = engine.good("chunk", mapping, definition, modified, schema);
      try {
        String where = "%s, batch %d".formatted(file.getFileName(), at);
        Optional<VectorSchemaRoot> bad = engine.bad("chunk", mapping, source, where);
        more = reader.loadNextBatch();
        at++;
        return new Piece(new Content.Rows(good, bad), at, !more);
      } catch (SQLException | IOException | RuntimeException e) {
        good.close();
        throw e;
      }
    } catch (SQLException | IOException | RuntimeException e) {
      // Arrow's reader answers damaged bytes with all kinds of exceptions.
      throw failed(file, e);
    }
  }

  private static ConnectorException failed(Path file, Exception e) {
    return new ConnectorException(
        file + " cannot be read as Arrow IPC: " + e + ". Replace or remove the file", e);
  }

  @Override
  public void close() {
    engine.close();
    try (channel) {
      reader.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
