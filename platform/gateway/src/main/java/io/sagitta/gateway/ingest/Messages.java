package io.sagitta.gateway.ingest;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.service.Problem;
import io.sagitta.transport.Header;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Encodes batches as messages of a size that Pulsar carries well. */
final class Messages {
  /** Larger batches are split: beyond this, messages gain no speed. */
  static final int TARGET_BYTES = 1 << 20;

  /** Pulsar refuses 5 MiB; this leaves room for properties. */
  static final int MAX_BYTES = 4 << 20;

  private Messages() {}

  /**
   * Encodes {@code root} in as few messages as it takes; the same batch always gives the same ones.
   *
   * @param root stays the caller's; of no rows, it gives one message of no rows
   */
  static List<NumberedProducer.Message> of(Header.Kind kind, String source, VectorSchemaRoot root) {
    List<NumberedProducer.Message> messages = new ArrayList<>();
    long bytes = 0;
    for (FieldVector vector : root.getFieldVectors()) {
      bytes += vector.getBufferSize();
    }
    int rows = root.getRowCount();
    int pieces = (int) Math.min(Math.max(1, rows), (bytes + TARGET_BYTES - 1) / TARGET_BYTES);
    int rowsEach = pieces <= 1 ? rows : (rows + pieces - 1) / pieces;
    if (rowsEach >= rows) {
      add(kind, source, root, messages);
    }
    for (int from = 0; rowsEach < rows && from < rows; from += rowsEach) {
      add(kind, source, root, from, Math.min(rowsEach, rows - from), messages);
    }
    return messages;
  }

  private static void add(
      Header.Kind kind,
      String source,
      VectorSchemaRoot root,
      int from,
      int rows,
      List<NumberedProducer.Message> messages) {
    try (VectorSchemaRoot slice = root.slice(from, rows)) {
      add(kind, source, slice, messages);
    }
  }

  private static void add(
      Header.Kind kind,
      String source,
      VectorSchemaRoot root,
      List<NumberedProducer.Message> messages) {
    ByteBuffer payload = IpcCodec.encode(root);
    int rows = root.getRowCount();
    if (payload.remaining() <= MAX_BYTES) {
      Header header = Header.of(kind, "gateway", source, rows, Optional.empty());
      messages.add(new NumberedProducer.Message(header, payload));
    } else if (rows > 1) {
      // Some rows are far larger than the others.
      add(kind, source, root, 0, rows / 2, messages);
      add(kind, source, root, rows / 2, rows - rows / 2, messages);
    } else {
      throw Problem.of(
              413,
              "row-too-large",
              "Row too large",
              "A row takes %,d bytes; the most is %,d. Send it without its largest values."
                  .formatted(payload.remaining(), MAX_BYTES))
          .exception();
    }
  }
}
