package io.sagitta.gateway.streams;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.transport.PartitionReader;
import io.sagitta.transport.PulsarConnection;
import io.sagitta.transport.Received;
import io.sagitta.transport.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** The columns of streams, as their newest messages have them. Thread-safe. */
final class Schemas {
  private static final int WAIT_MILLIS = 10_000;

  private final PulsarConnection connection;
  private final BufferAllocator allocator;
  private final Executor executor;
  private final Map<String, Schema> seen = new ConcurrentHashMap<>();

  Schemas(PulsarConnection connection, BufferAllocator allocator, Executor executor) {
    this.connection = connection;
    this.allocator = allocator;
    this.executor = executor;
  }

  /** Remembers what a message of a revision had. */
  void saw(StreamRef stream, Schema schema) {
    seen.put(key(stream), schema);
  }

  /** Returns the columns; empty if the stream has never had a row that is still kept. */
  CompletableFuture<Optional<Schema>> of(StreamRef stream) {
    Schema known = seen.get(key(stream));
    if (known != null) {
      return CompletableFuture.completedFuture(Optional.of(known));
    }
    return CompletableFuture.supplyAsync(() -> read(stream), executor);
  }

  private static String key(StreamRef stream) {
    return stream.id() + "@" + stream.pipeline().revision();
  }

  private Optional<Schema> read(StreamRef stream) {
    for (int p = 0; p < stream.partitions(); p++) {
      String topic = Topics.partition(stream.topic(), p);
      try (PartitionReader reader =
          PartitionReader.open(connection, topic, new PartitionReader.Start.LastMessage(), 1)) {
        Optional<Received> last = reader.hasNext() ? reader.next(WAIT_MILLIS) : Optional.empty();
        if (last.isPresent()) {
          try (Received message = last.get();
              VectorSchemaRoot root = IpcCodec.decode(message.payload(), allocator)) {
            saw(stream, root.getSchema());
            return Optional.of(root.getSchema());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
