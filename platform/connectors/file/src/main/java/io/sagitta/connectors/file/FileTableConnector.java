package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.LoadedTable;
import io.sagitta.connectors.Reach;
import io.sagitta.connectors.SensitiveColumns;
import io.sagitta.connectors.TableConnector;
import io.sagitta.definition.FileSource;
import io.sagitta.definition.FileTable;
import io.sagitta.definition.Format;
import io.sagitta.definition.Table;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.WireSchemas;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.policy.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;

/**
 * Loads a file of reference data: CSV, JSON (an array, or an object a line), Parquet or Arrow IPC.
 * It is read as a source of that format is, only that a bad row is an error.
 */
public final class FileTableConnector implements TableConnector {
  private static final int MOST_NAMED = 5;
  private static final RowDecoder.Limits LIMITS =
      new RowDecoder.Limits(1 << 24, Integer.MAX_VALUE, 1 << 20);

  @Override
  public boolean serves(Table table) {
    return table instanceof FileTable;
  }

  @Override
  public byte[] load(Table table, Reach reach, Schema schema, BufferAllocator allocator)
      throws ConnectorException {
    FileTable file = (FileTable) table;
    Path path = reach.files(file.path(), Access.READ);
    FileSource source =
        new FileSource(
            path.toString(), file.format(), false, file.schema(), Optional.empty(), List.of());
    try {
      long size = Files.size(path);
      if (size > LoadedTable.MOST_BYTES) {
        throw new ConnectorException(
            "%s has %d MiB, and a table may have %d: make it a source"
                .formatted(path, size >> 20, LoadedTable.MOST_BYTES >> 20));
      }
      try (VectorSchemaRoot rows =
              file.format() == Format.CSV || file.format() == Format.JSON
                  ? text(path, source, allocator)
                  : typed(path, source, allocator);
          VectorSchemaRoot declared = declared(rows, schema)) {
        return LoadedTable.pack(path.toString(), declared, file);
      }
    } catch (NoSuchFileException e) {
      throw new ConnectorException("There is no " + path + ". Correct path", e);
    } catch (IOException e) {
      throw new ConnectorException(path + " cannot be read: " + e, e);
    }
  }

  private static VectorSchemaRoot text(Path path, FileSource source, BufferAllocator allocator)
      throws IOException, ConnectorException {
    RowFormat format = source.format() == Format.CSV ? RowFormat.CSV : RowFormat.JSON_ARRAY;
    try {
      RowDecoder.Decoded decoded =
          RowDecoder.of("", source, LIMITS)
              .decode(format, ByteBuffer.wrap(Files.readAllBytes(path)), Instant.EPOCH, allocator);
      return goodOnly(path, decoded.rows(), decoded.rejects());
    } catch (BadDataException e) {
      throw new ConnectorException(path + ": " + e.getMessage(), e);
    }
  }

  private static VectorSchemaRoot typed(Path path, FileSource source, BufferAllocator allocator)
      throws IOException, ConnectorException {
    Schema wire = WireSchemas.of(source);
    VectorSchemaRoot all = VectorSchemaRoot.create(wire, allocator);
    all.allocateNew();
    try (FileChunks chunks =
        source.format() == Format.PARQUET
            ? ParquetChunks.open(path, "", source, wire, allocator)
            : ArrowChunks.open(path, "", source, wire, allocator)) {
      boolean end = false;
      for (long at = 0; !end; ) {
        FileChunks.Piece piece = chunks.read(at);
        FileChunks.Content.Rows read = piece.content().decode();
        try (VectorSchemaRoot rows = goodOnly(path, read.rows(), read.rejects())) {
          VectorSchemaRootAppender.append(false, all, rows);
        }
        at = piece.next();
        end = piece.end();
      }
      return all;
    } catch (IOException | ConnectorException | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private static VectorSchemaRoot goodOnly(
      Path path, VectorSchemaRoot rows, Optional<VectorSchemaRoot> rejects)
      throws ConnectorException {
    if (rejects.isEmpty()) {
      return rows;
    }
    try (rows;
        VectorSchemaRoot bad = rejects.get()) {
      List<String> details = new ArrayList<>();
      for (int row = 0; row < Math.min(MOST_NAMED, bad.getRowCount()); row++) {
        details.add(String.valueOf(bad.getVector(Quarantine.DETAIL).getObject(row)));
      }
      List<String> sensitive = SensitiveColumns.in(rows.getSchema());
      throw new ConnectorException(
          "%s: %d rows do not fit the schema: %s. Correct the file or the schema"
              .formatted(
                  path,
                  bad.getRowCount(),
                  sensitive.isEmpty()
                      ? String.join("; ", details)
                      : "why would show values, and of "
                          + String.join(", ", sensitive)
                          + " none may be seen"));
    }
  }

  /** Returns the columns of {@code schema}, sharing the buffers of {@code rows}. */
  private static VectorSchemaRoot declared(VectorSchemaRoot rows, Schema schema) {
    List<FieldVector> vectors = new ArrayList<>();
    for (var field : schema.getFields()) {
      var pair =
          rows.getVector(field.getName()).getTransferPair(field, rows.getVector(0).getAllocator());
      pair.transfer();
      vectors.add((FieldVector) pair.getTo());
    }
    return new VectorSchemaRoot(schema, vectors, rows.getRowCount());
  }
}
