package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import java.io.IOException;
import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The chunks of one file. From the same place comes the same chunk, whoever asks. */
interface FileChunks extends AutoCloseable {

  /**
   * Reads the chunk that starts at {@code at}, which is 0 or {@link Piece#next()} of another.
   *
   * @throws ConnectorException if the file as a whole cannot be read
   */
  Piece read(long at) throws IOException, ConnectorException;

  @Override
  void close();

  /**
   * Some rows of a file, owned by the receiver.
   *
   * @param next where the next chunk starts
   * @param end whether there is none
   */
  record Piece(VectorSchemaRoot rows, Optional<VectorSchemaRoot> rejects, long next, boolean end) {}
}
