package io.sagitta.node.feed;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.connectors.SourceReader;
import io.sagitta.definition.Format;
import io.sagitta.definition.PulsarSource;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.transport.ForeignMessage;
import io.sagitta.transport.ForeignPosition;
import io.sagitta.transport.ForeignTopicReader;
import io.sagitta.transport.TransportException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Reads one partition of a foreign topic. A chunk without rows chooses where the next one ends: at
 * the last message that waits, or at a bound. What no decoder can take goes to quarantine; nothing
 * in a message stops the source.
 */
final class TopicSourceReader implements SourceReader {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int FIRST_MILLIS = 200;
  private static final int MORE_MILLIS = 1;
  private static final int AGAIN_MILLIS = 30_000;

  private final String name;
  private final MessageRows decoder;
  private final ForeignTopicReader messages;
  private final Schema schema;
  private final int chunkMessages;
  private final BufferAllocator allocator;
  private final Deque<ForeignMessage> waiting = new ArrayDeque<>();
  private TopicSpan span;
  private Optional<ForeignPosition> begun = Optional.empty();

  /**
   * Takes ownership of {@code messages}, which starts behind {@code span}'s first position.
   *
   * @param chunkMessages messages of a chunk at most
   */
  TopicSourceReader(
      String name,
      PulsarSource source,
      ForeignTopicReader messages,
      TopicSpan span,
      Schema schema,
      int chunkMessages,
      BufferAllocator allocator) {
    this.name = name;
    // Streams are Arrow; a message of JSON may hold objects one after the other or an array.
    RowFormat format = source.format() == Format.JSON ? RowFormat.JSON_ARRAY : RowFormat.ARROW;
    this.decoder = new MessageRows(name, source, format);
    this.messages = messages;
    this.schema = schema;
    this.chunkMessages = chunkMessages;
    this.allocator = allocator;
    this.span = span;
  }

  @Override
  public Optional<Chunk> next() throws ConnectorException {
    try {
      return span.through().isPresent() ? Optional.of(read(span.through().get())) : choose();
    } catch (TransportException e) {
      throw new ConnectorException("Source '" + name + "': " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException("Source '" + name + "' was interrupted", e);
    }
  }

  private Optional<Chunk> choose() throws InterruptedException {
    // The log has the last chunk's beginning by now, so nobody starts before it again.
    begun.ifPresent(messages::release);
    long bytes = 0;
    for (ForeignMessage message : waiting) {
      bytes += message.payload().remaining();
    }
    while (waiting.size() < chunkMessages && bytes < CHUNK_BYTES) {
      Optional<ForeignMessage> next = messages.next(waiting.isEmpty() ? FIRST_MILLIS : MORE_MILLIS);
      if (next.isEmpty()) {
        break;
      }
      bytes += next.get().payload().remaining();
      waiting.addLast(next.get());
    }
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    span = new TopicSpan(span.after(), Optional.of(waiting.getLast().position()));
    return Optional.of(
        new Chunk(VectorSchemaRoot.create(schema, allocator), Optional.empty(), span.toString()));
  }

  private Chunk read(ForeignPosition through) throws InterruptedException, ConnectorException {
    begun = span.after();
    try (ChunkRows chunk = new ChunkRows(name, schema, allocator)) {
      ForeignPosition last;
      do {
        ForeignMessage message = take(through);
        last = message.position();
        decoder.decode(message, chunk);
      } while (last.compareTo(through) < 0);
      span = new TopicSpan(Optional.of(through), Optional.empty());
      return new Chunk(chunk.takeRows(), chunk.takeRejects(), span.toString());
    }
  }

  private ForeignMessage take(ForeignPosition through)
      throws InterruptedException, ConnectorException {
    Optional<ForeignMessage> next =
        waiting.isEmpty() ? messages.next(AGAIN_MILLIS) : Optional.of(waiting.removeFirst());
    if (next.isEmpty() || next.get().position().compareTo(through) > 0) {
      throw new ConnectorException(
          ("Source '%s': a chunk up to message %s was begun, and the topic does not have that"
                  + " message any more. Was the topic emptied, or its subscription 'sagitta.…'"
                  + " removed? Rename the source to read what is there from its start")
              .formatted(name, through));
    }
    return next.get();
  }

  @Override
  public boolean ended() {
    return false;
  }

  @Override
  public void close() {
    messages.close();
  }
}
