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
   * A part of a file.
   *
   * @param content its rows, maybe yet to be decoded; owned by the receiver
   * @param next where the next chunk starts
   * @param end whether there is none
   */
  record Piece(Content content, long next, boolean end) {}

  /** Rows of a file. They may outlive the chunks that they are from. */
  sealed interface Content {

    /** Returns the rows, owned by the caller; called once, by any thread. */
    Rows decode() throws ConnectorException;

    /** Rows that are there. */
    record Rows(VectorSchemaRoot rows, Optional<VectorSchemaRoot> rejects) implements Content {
      @Override
      public Rows decode() {
        return this;
      }
    }

    /** Bytes that hold no buffer, and need not be decoded. */
    @FunctionalInterface
    non-sealed interface Undecoded extends Content {}
  }
}
