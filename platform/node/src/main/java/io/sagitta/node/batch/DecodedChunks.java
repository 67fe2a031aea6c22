package io.sagitta.node.batch;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SourceReader;
import io.sagitta.connectors.SourceReader.Chunk;
import io.sagitta.connectors.SourceReader.Undecoded;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The chunks of a source in their order. Several threads decode them, a few chunks ahead of the one
 * thread that takes them, which also reads the source.
 */
final class DecodedChunks implements AutoCloseable {
  private static final int AHEAD_BY_THREAD = 2;

  private final SourceReader reader;
  private final ExecutorService decoders;
  private final int ahead;
  private final Deque<Future<Chunk>> decoding = new ArrayDeque<>();

  /** Takes from {@code reader}, which stays the caller's and must outlive this. */
  DecodedChunks(SourceReader reader, int threads) {
    this.reader = reader;
    this.decoders = Executors.newFixedThreadPool(threads);
    this.ahead = AHEAD_BY_THREAD * threads;
  }

  /** Returns the next chunk, owned by the caller; empty at the end. */
  Optional<Chunk> next() throws ConnectorException {
    while (decoding.size() < ahead) {
      Optional<Undecoded> taken = reader.take();
      if (taken.isEmpty()) {
        break;
      }
      decoding.add(decoders.submit(taken.get()::decode));
    }
    Future<Chunk> first = decoding.poll();
    return first == null ? Optional.empty() : Optional.of(decoded(first));
  }

  private static Chunk decoded(Future<Chunk> chunk) throws ConnectorException {
    try {
      return chunk.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConnectorException failed) {
        throw failed;
      }
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw new IllegalStateException("A chunk cannot be decoded", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException("The source was not read to its end: interrupted", e);
    }
  }

  /** Waits for what is being decoded, and lets go of it. */
  @Override
  public void close() {
    for (Future<Chunk> chunk : decoding) {
      try {
        decoded(chunk).close();
      } catch (ConnectorException | RuntimeException e) {
        // Whoever closes early has failed already, or no longer cares for these rows.
      }
    }
    decoding.clear();
    decoders.shutdownNow();
  }
}
