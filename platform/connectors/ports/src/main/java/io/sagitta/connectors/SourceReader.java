package io.sagitta.connectors;

import java.util.Optional;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Reads a pull source in an order that is the same for every reader: after the same position comes
 * the same chunk.
 */
public interface SourceReader extends AutoCloseable {

  /**
   * Returns the next chunk, or empty if there is nothing new at present.
   *
   * @throws ConnectorException if the system fails
   */
  Optional<Chunk> next() throws ConnectorException;

  /**
   * As {@link #next}, but leaves the work of decoding to whoever wants the chunk. Chunks are taken
   * one after the other; several may be decoded at once, on any thread, before the reader closes.
   *
   * @return owned by the receiver, who decodes or closes it
   */
  default Optional<Undecoded> take() throws ConnectorException {
    return next().map(Undecoded::of);
  }

  /** Returns how much of what there is was taken, from 0 to 1 as far as known. */
  default double taken() {
    return 0;
  }

  /** Returns whether nothing will ever come again. */
  boolean ended();

  @Override
  void close();

  /** A chunk as it lies in the source. */
  interface Undecoded extends AutoCloseable {

    /** Returns the chunk, owned by the caller; called at most once. */
    Chunk decode() throws ConnectorException;

    /** Lets go of a chunk that nobody wants decoded. */
    @Override
    void close();

    /** Returns one that takes over a {@code chunk} that needs no more decoding. */
    static Undecoded of(Chunk chunk) {
      return new Undecoded() {
        @Override
        public Chunk decode() {
          return chunk;
        }

        @Override
        public void close() {
          chunk.close();
        }
      };
    }
  }

  /**
   * Rows and the position after them.
   *
   * @param rows rows that could be read; owned by the receiver
   * @param rejects rows that could not, with {@link io.sagitta.engine.Quarantine#SCHEMA}; owned by
   *     the receiver
   * @param position where to go on after this chunk
   */
  record Chunk(VectorSchemaRoot rows, Optional<VectorSchemaRoot> rejects, String position)
      implements AutoCloseable {
    @Override
    public void close() {
      rows.close();
      rejects.ifPresent(VectorSchemaRoot::close);
    }
  }
}
