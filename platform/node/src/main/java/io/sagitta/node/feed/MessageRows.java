package io.sagitta.node.feed;

import io.sagitta.definition.Source;
import io.sagitta.engine.codec.BadDataException;
import io.sagitta.engine.codec.RowDecoder;
import io.sagitta.engine.codec.RowFormat;
import io.sagitta.transport.ForeignMessage;

/** Reads the rows of messages that others wrote. What it cannot take becomes a reject. */
final class MessageRows {
  private final RowDecoder decoder;
  private final RowFormat format;

  MessageRows(String source, Source definition, RowFormat format) {
    this.decoder = RowDecoder.of(source, definition);
    this.format = format;
  }

  /** Adds the rows of {@code message}, good and bad, to {@code chunk}. */
  void decode(ForeignMessage message, ChunkRows chunk) {
    String place = "message " + message.position();
    try (RowDecoder.Decoded decoded =
        decoder.decode(format, message.payload(), message.published(), chunk.allocator())) {
      chunk.add(decoded.rows());
      decoded.rejects().ifPresent(rejects -> chunk.addRejects(place, rejects));
    } catch (BadDataException e) {
      chunk.addReject(place + ": " + e.getMessage(), message.payload());
    }
  }
}
