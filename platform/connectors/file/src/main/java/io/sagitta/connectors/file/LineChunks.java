package io.sagitta.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.definition.FileSource;
import io.sagitta.definition.Format;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.engine.codec.RowFormat;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Chunks of a CSV or JSON lines file: as many whole records as {@link #CHUNK_BYTES} hold. Rows
 * without a declared event time happened when the file was last modified, so that reading it again
 * gives the same rows.
 */
final class LineChunks implements FileChunks {
  private static final int CHUNK_BYTES = 1 << 20;

  /** A record that is not done by then is broken, and cut at the last line break. */
  private static final int MOST_BYTES = 1 << 24;

  private static final RowDecoder.Limits LIMITS =
      new RowDecoder.Limits(1 << 20, MOST_BYTES, MOST_BYTES);

  private final Path file;
  private final FileChannel channel;
  private final boolean csv;
  private final RowDecoder decoder;
  private final Instant modified;
  private final BufferAllocator allocator;
  private byte[] header = {};

  private LineChunks(
      Path file, FileChannel channel, RowDecoder decoder, boolean csv, BufferAllocator allocator)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.decoder = decoder;
    this.csv = csv;
    this.modified = Files.getLastModifiedTime(file).toInstant();
    this.allocator = allocator;
  }

  static LineChunks open(Path file, String source, FileSource definition, BufferAllocator allocator)
      throws IOException {
    FileChannel channel = FileChannel.open(file);
    try {
      LineChunks chunks =
          new LineChunks(
              file,
              channel,
              RowDecoder.of(source, definition, LIMITS),
              definition.format() == Format.CSV,
              allocator);
      if (chunks.csv) {
        chunks.header = chunks.records(0, 1);
      }
      return chunks;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Piece read(long at) throws IOException {
    long from = Math.max(at, header.length);
    byte[] records = records(from, CHUNK_BYTES);
    long next = from + records.length;
    Content.Undecoded content = () -> decode(records, from);
    return new Piece(content, next, next >= channel.size());
  }

  /** Decodes records that start at byte {@code from}; on any thread, also once this is closed. */
  private Content.Rows decode(byte[] records, long from) throws ConnectorException {
    byte[] body = records;
    if (csv) {
      body = Arrays.copyOf(header, header.length + records.length);
      System.arraycopy(records, 0, body, header.length, records.length);
    }
    try {
      RowDecoder.Decoded decoded =
          decoder.decode(
              csv ? RowFormat.CSV : RowFormat.JSON_LINES,
              ByteBuffer.wrap(body),
              modified,
              allocator);
      decoded.rejects().ifPresent(rejects -> say(rejects, from));
      return new Content.Rows(decoded.rows(), decoded.rejects());
    } catch (BadDataException e) {
      throw new ConnectorException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns whole records from {@code from} on, of {@code least} bytes or a little more. */
  private byte[] records(long from, int least) throws IOException {
    long left = channel.size() - from;
    for (int size = Math.max(least, 1 << 16); ; size = Math.min(MOST_BYTES, 2 * size)) {
      byte[] bytes = bytes(from, (int) Math.min(size, left));
      if (size >= left) {
        int end = least == 1 ? recordEnd(bytes, 1) : bytes.length;
        return Arrays.copyOf(bytes, end < 0 ? bytes.length : end);
      }
      int end = recordEnd(bytes, least);
      if (end < 0 && size == MOST_BYTES) {
        int newline = lastNewline(bytes);
        end = newline < 0 ? bytes.length : newline;
      }
      if (end >= 0) {
        return Arrays.copyOf(bytes, end);
      }
    }
  }

  /** Returns behind which line break a record ends, at or behind {@code least}; -1 if none does. */
  private int recordEnd(byte[] bytes, int least) {
    boolean quoted = false;
    for (int i = 0; i < bytes.length; i++) {
      if (csv && bytes[i] == '"') {
        quoted = !quoted;
      } else if (bytes[i] == '\n' && !quoted && i + 1 >= least) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int lastNewline(byte[] bytes) {
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private byte[] bytes(long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException(file + " has become shorter");
      }
    }
    return buffer.array();
  }

  /** Lines in a detail count from the chunk's start: says where that is. */
  private void say(VectorSchemaRoot rejects, long from) {
    VarCharVector details = (VarCharVector) rejects.getVector(Quarantine.DETAIL);
    try (VarCharVector told = new VarCharVector(details.getField(), allocator)) {
      for (int row = 0; row < rejects.getRowCount(); row++) {
        String detail = details.isNull(row) ? "" : new String(details.get(row), UTF_8);
        String text = "%s from byte %d: %s".formatted(file.getFileName(), from, detail);
        told.setSafe(row, text.getBytes(UTF_8));
      }
      told.setValueCount(rejects.getRowCount());
      told.makeTransferPair(details).transfer();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
