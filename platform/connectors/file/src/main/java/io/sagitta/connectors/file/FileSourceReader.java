package io.sagitta.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SourceReader;
import io.sagitta.definition.FileSource;
import io.sagitta.definition.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Reads files one after the other, by name. A file must be complete when it gets its name, and
 * never change: put it there by renaming. One that changes is an error, not a guess.
 *
 * <p>Which file comes next depends on what is there at that moment, and yet a chunk must follow
 * from the position before it. So the choice is a chunk of its own, without rows: its position says
 * which file was chosen, and rows only ever come from the file that their position names.
 */
final class FileSourceReader implements SourceReader {
  private final String source;
  private final FileSource definition;
  private final FileList list;
  private final Schema schema;
  private final BufferAllocator allocator;
  private FilePosition position;
  private Optional<FileChunks> chunks = Optional.empty();
  private int filesBefore;
  private int files;
  private boolean ended;

  FileSourceReader(
      String source,
      FileSource definition,
      FileList list,
      FilePosition position,
      Schema schema,
      BufferAllocator allocator) {
    this.source = source;
    this.definition = definition;
    this.list = list;
    this.position = position;
    this.schema = schema;
    this.allocator = allocator;
  }

  @Override
  public Optional<Chunk> next() throws ConnectorException {
    FilePosition before = position;
    try {
      Optional<Undecoded> taken = take();
      return taken.isPresent() ? Optional.of(taken.get().decode()) : Optional.empty();
    } catch (ConnectorException e) {
      position = before;
      throw e;
    }
  }

  @Override
  public Optional<Undecoded> take() throws ConnectorException {
    try {
      return position.end() ? choose().map(Undecoded::of) : Optional.of(read());
    } catch (IOException e) {
      throw new ConnectorException(
          "Source "
              + source
              + ": "
              + list.base().resolve(position.file())
              + " cannot be read: "
              + e
              + ". Check that it is there and may be read",
          e);
    }
  }

  private Optional<Chunk> choose() throws IOException, ConnectorException {
    close();
    List<String> names = list.names();
    SortedSet<String> done = new TreeSet<>();
    Optional<String> next = Optional.empty();
    for (String name : names) {
      if (isDone(name)) {
        if (definition.follow()) {
          done.add(fingerprint(name));
        }
      } else if (next.isEmpty()) {
        next = Optional.of(name);
      }
    }
    if (next.isEmpty()) {
      ended = !definition.follow();
      return Optional.empty();
    }
    filesBefore = names.indexOf(next.get());
    files = names.size();
    Path file = list.file(next.get());
    long size = Files.size(file);
    position = new FilePosition(next.get(), size, 0, size == 0, done);
    return Optional.of(
        new Chunk(
            VectorSchemaRoot.create(schema, allocator), Optional.empty(), position.toString()));
  }

  private boolean isDone(String name) {
    return definition.follow()
        ? name.equals(position.file()) || position.done().contains(fingerprint(name))
        : name.compareTo(position.file()) <= 0;
  }

  /** Sixty-four bits of a hash: a folder is far from holding enough files for two to agree. */
  private static String fingerprint(String name) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Undecoded read() throws IOException, ConnectorException {
    Path file = list.file(position.file());
    long size = Files.size(file);
    if (size != position.sizeBytes()) {
      throw new ConnectorException(
          ("Source %s: %s had %d bytes when it was first seen and has %d now. A file must be"
                  + " complete when it gets its name: write it under a name that starts with '.' or"
                  + " ends with .tmp, then rename it. To go on, put the first %d bytes back, or add"
                  + " what is new as a file of its own")
              .formatted(source, file, position.sizeBytes(), size, position.sizeBytes()));
    }
    if (chunks.isEmpty()) {
      chunks = Optional.of(open(file));
    }
    FileChunks.Piece piece = chunks.get().read(position.at());
    position = position.after(piece.next(), piece.end());
    String after = position.toString();
    if (piece.content() instanceof FileChunks.Content.Rows rows) {
      return Undecoded.of(chunk(rows, after));
    }
    FileChunks.Content content = piece.content();
    return new Undecoded() {
      @Override
      public Chunk decode() throws ConnectorException {
        return chunk(content.decode(), after);
      }

      @Override
      public void close() {}
    };
  }

  private static Chunk chunk(FileChunks.Content.Rows rows, String position) {
    return new Chunk(rows.rows(), rows.rejects(), position);
  }

  private FileChunks open(Path file) throws IOException, ConnectorException {
    return switch (definition.format()) {
      case CSV, JSON -> LineChunks.open(file, source, definition, allocator);
      case PARQUET -> ParquetChunks.open(file, source, definition, schema, allocator);
      case ARROW -> ArrowChunks.open(file, source, definition, schema, allocator);
    };
  }

  @Override
  public double taken() {
    boolean bytes = definition.format() == Format.CSV || definition.format() == Format.JSON;
    double ofFile = bytes ? (double) position.at() / Math.max(1, position.sizeBytes()) : 0;
    return (filesBefore + (position.end() ? 1 : ofFile)) / Math.max(1, files);
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    chunks.ifPresent(FileChunks::close);
    chunks = Optional.empty();
  }
}
