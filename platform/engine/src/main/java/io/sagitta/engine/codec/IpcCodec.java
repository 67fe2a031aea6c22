package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowBuffer;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Batches as self-describing Arrow IPC streams: a schema, one record batch with uncompressed
 * buffers, and the end mark. Any Arrow library reads them. Thread-safe.
 *
 * <p>Encoding copies every buffer once, into an array of exactly the right size; decoding copies
 * the body once, into one Arrow buffer of which the columns are slices. Schemas are few and
 * repeated, so their messages are kept, up to a bound.
 */
public final class IpcCodec {
  private static final IpcOption OPTION = IpcOption.DEFAULT;
  private static final int CACHED_SCHEMAS = 1024;
  private static final int PREFIX_BYTES = 8;

  /** How many values may come of nothing, and how many of a byte: booleans take a bit. */
  private static final int FREE_CELLS = 1 << 20;

  private static final int CELLS_OF_A_BYTE = 16;
  private static final int EOS_BYTES = 8;

  private static final Map<Schema, byte[]> MESSAGE_OF_SCHEMA = new ConcurrentHashMap<>();
  private static final Map<ByteBuffer, Schema> SCHEMA_OF_MESSAGE = new ConcurrentHashMap<>();

  private IpcCodec() {}

  /**
   * Encodes a batch, which stays the caller's.
   *
   * @return on the heap, holding nothing else
   * @throws IllegalArgumentException if a column is dictionary-encoded or the batch is over 2 GiB
   */
  public static ByteBuffer encode(VectorSchemaRoot root) {
    return ByteBuffer.wrap(toBytes(root));
  }

  /** Encodes a batch as {@link #encode} does, into an array. */
  public static byte[] toBytes(VectorSchemaRoot root) {
    byte[] schema = message(root.getSchema());
    try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
      ByteBuffer header = MessageSerializer.serializeMetadata(batch, OPTION);
      int headerBytes = padded(header.remaining());
      long bodyBytes = batch.computeBodyLength();
      long total = schema.length + PREFIX_BYTES + headerBytes + bodyBytes + EOS_BYTES;
      if (total > Integer.MAX_VALUE - EOS_BYTES) {
        throw new IllegalArgumentException(
            "A batch of " + root.getRowCount() + " rows takes " + total + " bytes; split it");
      }
      byte[] bytes = new byte[(int) total];
      ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      out.put(schema).putInt(IpcFrame.CONTINUATION).putInt(headerBytes);
      int body = out.position() + headerBytes;
      out.put(header);
      List<ArrowBuf> buffers = batch.getBuffers();
      List<ArrowBuffer> layout = batch.getBuffersLayout();
      for (int i = 0; i < buffers.size(); i++) {
        ArrowBuf buffer = buffers.get(i);
        int at = body + (int) layout.get(i).getOffset();
        buffer.getBytes(buffer.readerIndex(), bytes, at, (int) buffer.readableBytes());
      }
      out.position(body + (int) bodyBytes).putInt(IpcFrame.CONTINUATION).putInt(0);
      return bytes;
    }
  }

  /**
   * Decodes what {@link #encode} made. Damage to the stream's structure is noticed, damage to
   * values is not: for bytes from outside use {@link #decodeUntrusted}.
   *
   * @param bytes from position to limit; not changed
   * @param allocator where the batch lives
   * @return owned by the caller, independent of {@code bytes}
   * @throws BadDataException if the bytes are not a stream of at most one record batch
   */
  public static VectorSchemaRoot decode(ByteBuffer bytes, BufferAllocator allocator) {
    ByteBuffer stream = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int start = stream.position();
    Schema schema =
        schema(
            IpcFrame.next(stream, start)
                .orElseThrow(() -> new BadDataException("Arrow stream: empty, no schema in it")));
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    try {
      Optional<IpcFrame> batch = IpcFrame.next(stream, start);
      if (batch.isPresent()) {
        load(batch.get(), root, allocator);
        if (IpcFrame.next(stream, start).isPresent()) {
          throw new BadDataException("Arrow stream: holds more than one record batch");
        }
      }
      return root;
    } catch (BadDataException | OutOfMemoryException e) {
      root.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      root.close();
      throw new BadDataException("Arrow stream: the record batch is damaged", e);
    }
  }

  /**
   * Bounds on what a stream from outside may cost.
   *
   * @param bytes the longest stream
   * @param rows the most rows, over all its batches
   * @param columns the most columns
   */
  public record Limits(int bytes, int rows, int columns) {
    /** 64 MiB, a million rows, a thousand columns. */
    public static final Limits DEFAULT = new Limits(64 << 20, 1_000_000, 1_000);
  }

  /**
   * Decodes a stream that anybody may have made. Every length, offset and count is checked before
   * it is used, every string is checked to be UTF-8; nothing is allocated that the bytes do not
   * bear out.
   *
   * <p>Columns are matched by name. Integers widen ({@code int32} to {@code int64}, up to 32 bits
   * to {@code double}), floats to doubles, decimals to more digits; timestamps of any unit and zone
   * become microseconds UTC; {@code large_utf8} becomes {@code utf8}, {@code large_binary} and
   * fixed-size binary {@code binary}. Columns that are not expected are ignored. Several record
   * batches become one. Dictionary-encoded, nested, view-typed and compressed columns are refused.
   *
   * @param bytes from position to limit; not changed
   * @param expected the columns of the result, of the types of {@code WireSchemas}; those not
   *     nullable must be there and have values, others are NULL where they are missing
   * @return with the schema {@code expected}; owned by the caller
   * @throws BadDataException if the stream is damaged, over the limits or of other columns; nothing
   *     else is thrown, whatever the bytes
   */
  public static VectorSchemaRoot decodeUntrusted(
      ByteBuffer bytes, Schema expected, Limits limits, BufferAllocator allocator) {
    ForeignStream stream = ForeignStream.of(bytes, limits);
    int rows = stream.rows();
    checkCells(rows, expected, bytes.remaining());
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (Field field : expected.getFields()) {
        vectors.add(column(stream, field, rows).finish(field, rows, allocator));
      }
      return new VectorSchemaRoot(expected, vectors, rows);
    } catch (RuntimeException | OutOfMemoryError e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  /** A row without columns takes no byte, and yet one of the result takes what its columns take. */
  private static void checkCells(int rows, Schema expected, int bytes) {
    long cells = (long) rows * expected.getFields().size();
    if (cells > FREE_CELLS && cells > (long) CELLS_OF_A_BYTE * bytes) {
      throw new BadDataException(
          "Arrow stream: %d rows in %d bytes, which is nearly nothing a row; send fewer at a time"
              .formatted(rows, bytes));
    }
  }

  /** Decodes as the other does, reading no more than the limit of bytes. */
  public static VectorSchemaRoot decodeUntrusted(
      InputStream in, Schema expected, Limits limits, BufferAllocator allocator)
      throws IOException {
    byte[] bytes = in.readNBytes(Math.min(limits.bytes(), Integer.MAX_VALUE - 8) + 1);
    return decodeUntrusted(ByteBuffer.wrap(bytes), expected, limits, allocator);
  }

  private static RowColumn column(ForeignStream stream, Field field, int rows) {
    DataType type = DeclaredType.of(field);
    int index = match(stream, field.getName(), type, !field.isNullable());
    RowColumn column = new RowColumn(type, rows);
    int at = 0;
    for (ForeignStream.Batch batch : stream.batches()) {
      for (int row = 0; row < batch.rows(); row++, at++) {
        if (index < 0) {
          column.setNull(at);
          continue;
        }
        RowColumn.Verdict verdict = batch.columns().get(index).copy(row, column, at);
        boolean missing = !field.isNullable() && !column.isValid(at);
        if (verdict != RowColumn.Verdict.OK || missing) {
          throw ForeignField.refused(
              field.getName(),
              verdict == RowColumn.Verdict.OK
                  ? "has no value in row " + at + ", and needs one"
                  : "has a value in row " + at + " that is not, or does not fit, " + type);
        }
      }
    }
    return column;
  }

  /** Finds the stream's column for one of ours; negative if it may be missing and is. */
  static int match(ForeignStream stream, String name, DataType type, boolean required) {
    int index = stream.column(name);
    if (index < 0 && required) {
      throw new BadDataException(
          "Arrow stream: column %s is missing; there are %s"
              .formatted(name, stream.fields().stream().map(ForeignField::name).toList()));
    }
    if (index >= 0 && !stream.fields().get(index).widensTo(type)) {
      throw ForeignField.refused(
          name,
          "is %s, which does not widen to %s; cast it before sending"
              .formatted(stream.fields().get(index).typeName(), type));
    }
    return index;
  }

  private static void load(IpcFrame frame, VectorSchemaRoot root, BufferAllocator allocator)
      throws IOException {
    if (frame.message().headerType() != MessageHeader.RecordBatch) {
      throw new BadDataException(
          "Arrow stream, byte " + frame.at() + ": expected a record batch there");
    }
    try (ArrowRecordBatch batch = batch(frame, allocator)) {
      new VectorLoader(root).load(batch);
    }
  }

  private static ArrowRecordBatch batch(IpcFrame frame, BufferAllocator allocator)
      throws IOException {
    ArrowBuf body = allocator.buffer(frame.body().remaining());
    try {
      body.setBytes(0, frame.body());
      return MessageSerializer.deserializeRecordBatch(frame.message(), body); // takes body over
    } catch (IOException | RuntimeException e) {
      body.close();
      throw e;
    }
  }

  /** The schema's whole message, prefix included. */
  private static byte[] message(Schema schema) {
    byte[] known = MESSAGE_OF_SCHEMA.get(schema);
    if (known != null) {
      return known;
    }
    for (Field field : schema.getFields()) {
      if (field.getDictionary() != null) {
        throw new IllegalArgumentException(
            "Column " + field.getName() + " is dictionary-encoded; decode it first");
      }
    }
    ByteBuffer header = MessageSerializer.serializeMetadata(schema, OPTION);
    int headerBytes = padded(header.remaining());
    ByteBuffer message =
        ByteBuffer.allocate(PREFIX_BYTES + headerBytes).order(ByteOrder.LITTLE_ENDIAN);
    message.putInt(IpcFrame.CONTINUATION).putInt(headerBytes).put(header);
    keep(MESSAGE_OF_SCHEMA, schema, message.array());
    return message.array();
  }

  private static Schema schema(IpcFrame frame) {
    Schema known = SCHEMA_OF_MESSAGE.get(frame.header());
    if (known != null) {
      return known;
    }
    if (frame.message().headerType() != MessageHeader.Schema) {
      throw new BadDataException("Arrow stream: does not start with a schema");
    }
    Schema schema;
    try {
      schema = MessageSerializer.deserializeSchema(frame.message());
    } catch (RuntimeException e) {
      throw new BadDataException("Arrow stream: the schema is damaged", e);
    }
    ByteBuffer copy = ByteBuffer.allocate(frame.header().remaining());
    copy.put(frame.header().duplicate()).flip();
    keep(SCHEMA_OF_MESSAGE, copy, schema);
    return schema;
  }

  private static <K, V> void keep(Map<K, V> cache, K key, V value) {
    if (cache.size() >= CACHED_SCHEMAS) {
      cache.clear();
    }
    cache.put(key, value);
  }

  private static int padded(int bytes) {
    return (bytes + 7) & ~7;
  }
}
