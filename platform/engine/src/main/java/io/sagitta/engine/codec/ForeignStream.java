package io.sagitta.engine.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;

/**
 * Somebody else's Arrow IPC stream, of which every length and offset in the headers has been
 * checked against the bytes there are. Values are looked at one by one, in Java, by {@link
 * ForeignColumn}: nothing of it is ever handed to code that trusts it.
 *
 * @param fields columns in the order of the stream
 * @param batches in order; each has a column for each field
 */
record ForeignStream(List<ForeignField> fields, List<Batch> batches) {
  /** One record batch. */
  record Batch(int rows, List<ForeignColumn> columns) {}

  /**
   * Reads all headers.
   *
   * @throws BadDataException if anything does not fit, or is over the limits
   */
  static ForeignStream of(ByteBuffer bytes, IpcCodec.Limits limits) {
    if (bytes.remaining() > limits.bytes()) {
      throw new BadDataException(
          "Arrow stream: over the limit of " + limits.bytes() + " bytes; send it in several");
    }
    ByteBuffer stream = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int start = stream.position();
    IpcFrame first =
        IpcFrame.next(stream, start)
            .orElseThrow(() -> new BadDataException("Arrow stream: empty, no schema in it"));
    List<ForeignField> fields = guarded(first, () -> fields(first, limits));
    List<Batch> batches = new ArrayList<>();
    long rows = 0;
    Optional<IpcFrame> next = IpcFrame.next(stream, start);
    while (next.isPresent()) {
      IpcFrame frame = next.get();
      long left = limits.rows() - rows;
      Batch batch = guarded(frame, () -> batch(frame, fields, left));
      rows += batch.rows();
      batches.add(batch);
      next = IpcFrame.next(stream, start);
    }
    if (stream.hasRemaining()) {
      throw new BadDataException(
          "Arrow stream: %d bytes follow its end; send one stream".formatted(stream.remaining()));
    }
    return new ForeignStream(fields, batches);
  }

  /** Returns which column has a name; negative if none. */
  int column(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  int rows() {
    return batches.stream().mapToInt(Batch::rows).sum();
  }

  private interface Reading<T> {
    T read();
  }

  /** A flatbuffer has no bounds of its own: a damaged one is noticed by the buffer it is in. */
  private static <T> T guarded(IpcFrame frame, Reading<T> reading) {
    try {
      return reading.read();
    } catch (BadDataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BadDataException(
          "Arrow stream, byte " + frame.at() + ": the message's header is damaged", e);
    }
  }

  private static List<ForeignField> fields(IpcFrame frame, IpcCodec.Limits limits) {
    if (frame.message().headerType() != MessageHeader.Schema) {
      throw new BadDataException("Arrow stream: does not start with a schema");
    }
    Schema schema = (Schema) frame.message().header(new Schema());
    if (schema == null) {
      throw new BadDataException("Arrow stream: the schema is missing");
    }
    if (schema.endianness() != Endianness.Little) {
      throw new BadDataException("Arrow stream: big-endian; send little-endian");
    }
    if (schema.fieldsLength() > limits.columns()) {
      throw new BadDataException(
          "Arrow stream: has %d columns, over the limit of %d"
              .formatted(schema.fieldsLength(), limits.columns()));
    }
    List<ForeignField> fields = new ArrayList<>();
    for (int i = 0; i < schema.fieldsLength(); i++) {
      ForeignField field = ForeignField.of(schema.fields(i));
      if (fields.stream().anyMatch(other -> other.name().equals(field.name()))) {
        throw ForeignField.refused(field.name(), "is there twice");
      }
      fields.add(field);
    }
    return List.copyOf(fields);
  }

  private static Batch batch(IpcFrame frame, List<ForeignField> fields, long rowsLeft) {
    String where = "Arrow stream, byte " + frame.at() + ": ";
    if (frame.message().headerType() == MessageHeader.DictionaryBatch) {
      throw new BadDataException(where + "a dictionary; send plain values");
    }
    RecordBatch batch =
        frame.message().headerType() == MessageHeader.RecordBatch
            ? (RecordBatch) frame.message().header(new RecordBatch())
            : null;
    if (batch == null) {
      throw new BadDataException(where + "expected a record batch there");
    }
    if (batch.compression() != null) {
      throw new BadDataException(
          where + "compressed buffers; send them plain (pyarrow: compression=None)");
    }
    long rows = batch.length();
    if (rows < 0 || rows > rowsLeft) {
      throw new BadDataException(where + rows + " rows are over the limit; send fewer at a time");
    }
    int buffers = fields.stream().mapToInt(ForeignField::buffers).sum();
    if (batch.nodesLength() != fields.size() || batch.buffersLength() != buffers) {
      throw new BadDataException(
          where
              + "%d columns with %d buffers, where the schema has %d with %d"
                  .formatted(batch.nodesLength(), batch.buffersLength(), fields.size(), buffers));
    }
    List<ForeignColumn> columns = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < fields.size(); i++) {
      ForeignField field = fields.get(i);
      FieldNode node = batch.nodes(i);
      if (node.length() != rows || node.nullCount() < 0 || node.nullCount() > rows) {
        throw ForeignField.refused(field.name(), "has another number of rows than its batch");
      }
      List<ByteBuffer> parts = new ArrayList<>();
      for (int b = 0; b < field.buffers(); b++) {
        parts.add(part(field, batch.buffers(at++), frame.body()));
      }
      columns.add(ForeignColumn.of(field, (int) rows, node.nullCount() > 0, parts));
    }
    return new Batch((int) rows, List.copyOf(columns));
  }

  private static ByteBuffer part(ForeignField field, Buffer buffer, ByteBuffer body) {
    long offset = buffer.offset();
    long length = buffer.length();
    if (offset < 0 || length < 0 || offset > body.limit() || length > body.limit() - offset) {
      throw ForeignField.refused(field.name(), "has a buffer outside its batch");
    }
    return body.slice((int) offset, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
