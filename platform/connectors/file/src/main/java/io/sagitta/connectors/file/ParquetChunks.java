package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.definition.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Chunks of a Parquet file, by row numbers: the reader skips row groups, so that each costs about
 * what is in it.
 */
final class ParquetChunks implements FileChunks {
  private static final int CHUNK_ROWS = 65_536;

  private final Path file;
  private final String source;
  private final FileSource definition;
  private final Schema schema;
  private final TypedRows engine;
  private final ColumnMapping mapping;
  private final Instant modified;
  private final long rows;

  private ParquetChunks(
      Path file, String source, FileSource definition, Schema schema, TypedRows engine)
      throws IOException, SQLException, ConnectorException {
    this.file = file;
    this.source = source;
    this.definition = definition;
    this.schema = schema;
    this.engine = engine;
    this.mapping = engine.mapping("read_parquet(" + path() + ")", file.toString(), definition);
    this.modified = Files.getLastModifiedTime(file).toInstant();
    this.rows = engine.count("SELECT num_rows FROM parquet_file_metadata(" + path() + ")");
  }

  static ParquetChunks open(
      Path file, String source, FileSource definition, Schema schema, BufferAllocator allocator)
      throws IOException, ConnectorException {
    try {
      TypedRows engine = new TypedRows(allocator);
      try {
        return new ParquetChunks(file, source, definition, schema, engine);
      } catch (IOException | SQLException | ConnectorException | RuntimeException e) {
        engine.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  private String path() {
    return ColumnMapping.quoted(file.toString());
  }

  @Override
  public Piece read(long at) throws IOException, ConnectorException {
    String relation =
        "(SELECT * EXCLUDE file_row_number FROM read_parquet(%s, file_row_number = true) WHERE"
                .formatted(path())
            + " file_row_number >= %d AND file_row_number < %d)".formatted(at, at + CHUNK_ROWS);
    try {
      VectorSchemaRoot good = engine.good(relation, mapping, definition, modified, schema);
      try {
        String where = "%s from row %d".formatted(file.getFileName(), at);
        Optional<VectorSchemaRoot> bad = engine.bad(relation, mapping, source, where);
        return new Piece(new Content.Rows(good, bad), at + CHUNK_ROWS, at + CHUNK_ROWS >= rows);
      } catch (SQLException | IOException | RuntimeException e) {
        good.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  static ConnectorException failed(Path file, SQLException e) {
    return new ConnectorException(
        file + " cannot be read as Parquet: " + e.getMessage() + ". Replace or remove the file", e);
  }

  @Override
  public void close() {
    engine.close();
  }
}
