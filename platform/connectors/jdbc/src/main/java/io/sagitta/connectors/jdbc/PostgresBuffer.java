package io.sagitta.connectors.jdbc;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** Bytes on their way into a COPY, sent in pieces of {@link #PIECE_BYTES}. */
final class PostgresBuffer {
  private static final int PIECE_BYTES = 64 * 1024;

  private final CopyIn copy;
  private ByteBuffer bytes = ByteBuffer.allocate(2 * PIECE_BYTES);

  PostgresBuffer(CopyIn copy) {
    this.copy = copy;
  }

  void int8(int value) {
    room(Byte.BYTES);
    bytes.put((byte) value);
  }

  void int16(int value) {
    room(Short.BYTES);
    bytes.putShort((short) value);
  }

  void int32(int value) {
    room(Integer.BYTES);
    bytes.putInt(value);
  }

  void int64(long value) {
    room(Long.BYTES);
    bytes.putLong(value);
  }

  void bytes(byte[] value) {
    room(value.length);
    bytes.put(value);
  }

  private void room(int more) {
    if (bytes.remaining() < more) {
      int size = Math.max(bytes.capacity() * 2, Math.addExact(bytes.position(), more));
      ByteBuffer larger = ByteBuffer.allocate(size);
      bytes.flip();
      larger.put(bytes);
      bytes = larger;
    }
  }

  void flushIfFull() throws SQLException {
    if (bytes.position() >= PIECE_BYTES) {
      flush();
    }
  }

  void flush() throws SQLException {
    copy.writeToCopy(bytes.array(), 0, bytes.position());
    bytes.clear();
  }
}
