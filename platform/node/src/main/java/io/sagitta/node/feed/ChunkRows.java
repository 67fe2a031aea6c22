package io.sagitta.node.feed;

import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.RejectReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;

/** A chunk in the making: the rows of several messages, one after the other. */
final class ChunkRows implements AutoCloseable {
  private static final int MAX_RAW_BYTES = 64 * 1024;

  private final String source;
  private final BufferAllocator allocator;
  private VectorSchemaRoot rows;
  private VectorSchemaRoot rejects;

  ChunkRows(String source, Schema schema, BufferAllocator allocator) {
    this.source = source;
    this.allocator = allocator;
    this.rows = VectorSchemaRoot.create(schema, allocator);
    rows.allocateNew();
    this.rejects = VectorSchemaRoot.create(Quarantine.SCHEMA, allocator);
  }

  BufferAllocator allocator() {
    return allocator;
  }

  /** Adds rows, which stay the caller's. */
  void add(VectorSchemaRoot more) {
    if (more.getRowCount() > 0) {
      VectorSchemaRootAppender.append(false, rows, more);
    }
  }

  /** Adds rows of {@link Quarantine#SCHEMA}, which stay the caller's, saying {@code place}. */
  void addRejects(String place, VectorSchemaRoot more) {
    int start = rejects.getRowCount();
    for (int row = 0; row < more.getRowCount(); row++) {
      for (FieldVector vector : rejects.getFieldVectors()) {
        FieldVector from = more.getVector(vector.getName());
        if (!vector.getName().equals(Quarantine.DETAIL)) {
          vector.copyFromSafe(row, start + row, from);
        } else {
          String detail = from.isNull(row) ? "" : ": " + from.getObject(row);
          ((VarCharVector) vector).setSafe(start + row, utf8(place + detail));
        }
      }
    }
    rejects.setRowCount(start + more.getRowCount());
  }

  /** Adds a message of which nothing could be taken; of long ones the first 64 KiB are kept. */
  void addReject(String detail, ByteBuffer message) {
    int row = rejects.getRowCount();
    byte[] raw = new byte[Math.min(message.remaining(), MAX_RAW_BYTES)];
    message.duplicate().get(raw);
    ((VarCharVector) rejects.getVector(Quarantine.STAGE)).setSafe(row, utf8(source));
    ((VarCharVector) rejects.getVector(Quarantine.REASON))
        .setSafe(row, utf8(RejectReason.UNREADABLE.word()));
    ((VarCharVector) rejects.getVector(Quarantine.DETAIL)).setSafe(row, utf8(detail));
    ((VarBinaryVector) rejects.getVector(Quarantine.RAW)).setSafe(row, raw);
    rejects.setRowCount(row + 1);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Hands the rows over. */
  VectorSchemaRoot takeRows() {
    VectorSchemaRoot taken = rows;
    rows = VectorSchemaRoot.create(taken.getSchema(), allocator);
    return taken;
  }

  /** Hands the rejects over, if there are any. */
  Optional<VectorSchemaRoot> takeRejects() {
    if (rejects.getRowCount() == 0) {
      return Optional.empty();
    }
    VectorSchemaRoot taken = rejects;
    rejects = VectorSchemaRoot.create(taken.getSchema(), allocator);
    return Optional.of(taken);
  }

  @Override
  public void close() {
    rows.close();
    rejects.close();
  }
}
