package io.sagitta.engine.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.arrow.flatbuf.Message;

/**
 * One message of an Arrow IPC stream: its header and body, views of the bytes they were read from.
 * Both lie wholly inside those bytes; nothing else of the header is checked.
 *
 * @param at offset of the message in the stream, for error messages
 * @param header the flatbuffer, from position to limit
 * @param message {@code header} as a flatbuffer table
 * @param body from position to limit
 */
record IpcFrame(int at, ByteBuffer header, Message message, ByteBuffer body) {
  static final int CONTINUATION = 0xFFFFFFFF;
  private static final int PREFIX_BYTES = 8;

  /**
   * Reads the message at the position of {@code stream} and moves the position behind it; empty at
   * the end of the stream.
   *
   * @param stream bytes from {@code start} on, little-endian
   * @throws BadDataException if a length does not fit the bytes there are
   */
  static Optional<IpcFrame> next(ByteBuffer stream, int start) {
    int at = stream.position() - start;
    if (!stream.hasRemaining()) {
      return Optional.empty();
    }
    if (stream.remaining() < PREFIX_BYTES) {
      throw bad(at, "ends inside a message's prefix; send the whole stream");
    }
    if (stream.getInt() != CONTINUATION) {
      throw bad(
          at,
          "has no message where one should start; send the IPC streaming format"
              + " (not the file format, nor the one before Arrow 0.15)");
    }
    int headerBytes = stream.getInt();
    if (headerBytes == 0) {
      return Optional.empty();
    }
    if (headerBytes < 0 || headerBytes > stream.remaining()) {
      throw bad(
          at,
          "announces a header of %d bytes where %d are left; send the whole stream"
              .formatted(Integer.toUnsignedLong(headerBytes), stream.remaining()));
    }
    ByteBuffer header = view(stream, headerBytes);
    Message message;
    long bodyBytes;
    try {
      message = Message.getRootAsMessage(header.duplicate().order(ByteOrder.LITTLE_ENDIAN));
      bodyBytes = message.bodyLength();
    } catch (RuntimeException e) {
      throw new BadDataException("Arrow stream, byte " + at + ": the message is damaged", e);
    }
    if (bodyBytes < 0 || bodyBytes > stream.remaining()) {
      throw bad(
          at,
          "announces a body of %s bytes where %d are left; send the whole stream"
              .formatted(Long.toUnsignedString(bodyBytes), stream.remaining()));
    }
    return Optional.of(new IpcFrame(at, header, message, view(stream, (int) bodyBytes)));
  }

  private static ByteBuffer view(ByteBuffer stream, int bytes) {
    ByteBuffer view = stream.slice(stream.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    stream.position(stream.position() + bytes);
    return view;
  }

  private static BadDataException bad(int at, String what) {
    return new BadDataException("Arrow stream, byte " + at + ": " + what);
  }
}
