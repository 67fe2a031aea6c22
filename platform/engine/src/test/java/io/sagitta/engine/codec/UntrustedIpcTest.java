package io.sagitta.engine.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.engine.WireSchemas;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UntrustedIpcTest {
  private static final ArrowType DOUBLE =
      new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
  private static final int DAMAGES = 4000;

  private final BufferAllocator allocator = new RootAllocator(64 << 20);

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void decodeUntrusted_ownStream_isTheSame() throws Exception {
    try (VectorSchemaRoot root = Flights.batch(1000, 5, allocator)) {
      byte[] bytes = IpcCodec.toBytes(root);
      try (VectorSchemaRoot back = decode(bytes, Flights.SCHEMA);
          VectorSchemaRoot streamed =
              IpcCodec.decodeUntrusted(
                  new ByteArrayInputStream(bytes),
                  Flights.SCHEMA,
                  IpcCodec.Limits.DEFAULT,
                  allocator)) {
        assertThat(back.equals(root)).isTrue();
        assertThat(streamed.equals(root)).isTrue();
      }
    }
  }

  @Test
  void decodeUntrusted_severalBatches_becomeOne() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (VectorSchemaRoot root = Flights.batch(1000, 5, allocator)) {
      try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
        writer.writeBatch();
        writer.writeBatch();
      }
      try (VectorSchemaRoot twice = decode(out.toByteArray(), Flights.SCHEMA)) {
        assertThat(twice.getRowCount()).isEqualTo(2000);
        try (VectorSchemaRoot second = twice.slice(1000, 1000)) {
          assertThat(second.equals(root)).isTrue();
        }
      }
    }
  }

  @Test
  void decodeUntrusted_widens() {
    UInt4Vector unsigned = new UInt4Vector("u", allocator);
    unsigned.setSafe(0, -1);
    unsigned.setValueCount(1);
    LargeVarCharVector large = new LargeVarCharVector("s", allocator);
    large.setSafe(0, "Zürich".getBytes(UTF_8));
    large.setValueCount(1);
    try (VectorSchemaRoot sent =
            new Batches(allocator)
                .column("i", new ArrowType.Int(32, true), -5)
                .column("f", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), 1.5f)
                .column("n", new ArrowType.Decimal(5, 1, 128), new BigDecimal("-12.3"))
                .column("t", new ArrowType.Timestamp(TimeUnit.MILLISECOND, "Europe/Berlin"), 7L)
                .column("extra", ArrowType.Utf8.INSTANCE, "x")
                .build()
                .addVector(0, unsigned)
                .addVector(0, large)
                .addVector(0, new NullVector("z", 1));
        VectorSchemaRoot got =
            decode(
                IpcCodec.toBytes(sent),
                schema(
                    Field.nullable("s", ArrowType.Utf8.INSTANCE),
                    Field.notNullable("i", new ArrowType.Int(64, true)),
                    Field.nullable("u", new ArrowType.Int(64, true)),
                    Field.nullable("f", DOUBLE),
                    Field.nullable("n", new ArrowType.Decimal(12, 2, 128)),
                    Field.nullable("t", WireSchemas.TIMESTAMP),
                    Field.nullable("z", new ArrowType.Date(DateUnit.DAY)),
                    Field.nullable("absent", ArrowType.Bool.INSTANCE)))) {
      assertThat(new String(RowEncoder.jsonObject(got, 0), UTF_8))
          .isEqualTo(
              "{\"s\":\"Zürich\",\"i\":-5,\"u\":4294967295,\"f\":1.5,\"n\":-12.30,"
                  + "\"t\":\"1970-01-01T00:00:00.007000Z\",\"z\":null,\"absent\":null}");
    }
  }

  @Test
  void decodeUntrusted_otherColumns_areRefusedWithWords() {
    Schema int32 = schema(Field.notNullable("i", new ArrowType.Int(32, true)));
    assertRefused(
            int32, new Batches(allocator).column("i", new ArrowType.Int(64, true), 1L).build())
        .hasMessage(
            "Arrow stream: column i is int64, which does not widen to int32;"
                + " cast it before sending");
    assertRefused(int32, new Batches(allocator).column("j", new ArrowType.Int(32, true), 1).build())
        .hasMessage("Arrow stream: column i is missing; there are [j]");
    assertRefused(
            int32, new Batches(allocator).column("i", new ArrowType.Int(32, true), 1, null).build())
        .hasMessage("Arrow stream: column i has no value in row 1, and needs one");
    assertRefused(int32, VectorSchemaRoot.of(ListVector.empty("l", allocator)))
        .hasMessage("Arrow stream: column l is nested; send flat columns");
    VarCharVector text = new VarCharVector("s", allocator);
    text.setSafe(0, new byte[] {(byte) 0xC0, (byte) 0x80});
    text.setValueCount(1);
    assertRefused(schema(Field.nullable("s", ArrowType.Utf8.INSTANCE)), VectorSchemaRoot.of(text))
        .hasMessageStartingWith("Arrow stream: column s has a value in row 0 that is not");
  }

  @Test
  void decodeUntrusted_dictionary_isRefused() throws Exception {
    Schema schema =
        schema(
            new Field(
                "i",
                new FieldType(
                    true, new ArrowType.Int(32, true), new DictionaryEncoding(1, false, null)),
                List.of()));
    ByteBuffer header = MessageSerializer.serializeMetadata(schema, IpcOption.DEFAULT);
    ByteBuffer stream = ByteBuffer.allocate(8 + header.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    stream.putInt(-1).putInt(header.remaining()).put(header).flip();
    assertThatThrownBy(
            () ->
                IpcCodec.decodeUntrusted(stream, schema, IpcCodec.Limits.DEFAULT, allocator)
                    .close())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("column i is dictionary-encoded");
  }

  @Test
  void decodeUntrusted_claimsOfSize_areRefusedBeforeAllocation() {
    ByteBuffer claim = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    claim.putInt(-1).putInt(Integer.MAX_VALUE).flip();
    assertThatThrownBy(() -> decode(claim.array(), Flights.SCHEMA))
        .isInstanceOf(BadDataException.class)
        .hasMessage(
            "Arrow stream, byte 0: announces a header of 2147483647 bytes where 0 are left;"
                + " send the whole stream");
    try (VectorSchemaRoot root = Flights.batch(100, 5, allocator)) {
      byte[] bytes = IpcCodec.toBytes(root);
      IpcCodec.Limits rows = new IpcCodec.Limits(1 << 20, 99, 5);
      IpcCodec.Limits columns = new IpcCodec.Limits(1 << 20, 100, 4);
      IpcCodec.Limits size = new IpcCodec.Limits(bytes.length - 1, 100, 5);
      for (IpcCodec.Limits limits : List.of(rows, columns, size)) {
        assertThatThrownBy(
                () ->
                    IpcCodec.decodeUntrusted(
                        ByteBuffer.wrap(bytes), Flights.SCHEMA, limits, allocator))
            .isInstanceOf(BadDataException.class)
            .hasMessageContaining("limit");
      }
    }
  }

  @Test
  void decodeUntrusted_rowsOfNothing_areRefusedBeforeAllocation() {
    Schema schema = WireSchemas.of(Sources.EVERYTHING.schema());
    try (VectorSchemaRoot sent = VectorSchemaRoot.of(new NullVector("z", 1_000_000))) {
      byte[] bytes = IpcCodec.toBytes(sent);
      assertThat(bytes.length).isLessThan(1_000);
      assertThatThrownBy(() -> decode(bytes, schema))
          .isInstanceOf(BadDataException.class)
          .hasMessageContaining("nearly nothing a row");
    }
  }

  @Test
  void decodeUntrusted_damagedAnyhow_isBadDataOrInBounds() {
    byte[] good = everything();
    Schema schema = WireSchemas.of(Sources.EVERYTHING.schema());
    SplittableRandom random = new SplittableRandom(11);
    int refused = 0;
    for (int n = 0; n < DAMAGES; n++) {
      byte[] bytes = n % 4 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int i = n % 4; i > 0 && bytes.length > 0; i--) {
        int at = random.nextInt(bytes.length);
        bytes[at] =
            random.nextBoolean()
                ? (byte) (bytes[at] ^ 1 << random.nextInt(8))
                : (byte) random.nextInt();
      }
      try (VectorSchemaRoot root = decode(bytes, schema)) {
        assertThat(RowEncoder.encode(root, RowFormat.JSON_LINES)).isNotNull();
      } catch (BadDataException e) {
        refused++;
      }
      try (RowDecoder.Decoded decoded =
          RowDecoder.of("e", Sources.EVERYTHING)
              .decode(RowFormat.ARROW, ByteBuffer.wrap(bytes), Instant.EPOCH, allocator)) {
        assertThat(RowEncoder.encode(decoded.rows(), RowFormat.CSV)).isNotNull();
      } catch (BadDataException e) {
        assertThat(e).hasMessageContaining(" ");
      }
      assertThat(allocator.getAllocatedMemory()).isZero();
    }
    assertThat(refused).isBetween(DAMAGES / 4, DAMAGES - 100);
  }

  @Test
  void rowDecoder_arrow_badRowsToQuarantine() {
    try (VectorSchemaRoot sent =
            new Batches(allocator)
                .column("date", new ArrowType.Timestamp(TimeUnit.SECOND, null), 0L, null, 1L << 60)
                .column("origin", ArrowType.Utf8.INSTANCE, "LAS", "PHX", "SFO")
                .column("destination", ArrowType.Utf8.INSTANCE, "PHL", "PHL", "PHL")
                .column("tail", ArrowType.Utf8.INSTANCE, "a", "b", "c")
                .build();
        RowDecoder.Decoded decoded =
            RowDecoder.of("flights", Sources.FLIGHTS)
                .decode(RowFormat.ARROW, IpcCodec.encode(sent), Instant.EPOCH, allocator)) {
      assertThat(new String(RowEncoder.csvRows(decoded.rows()), UTF_8))
          .isEqualTo("1970-01-01T00:00:00Z,,,LAS,PHL\n");
      assertThat(decoded.ignored()).containsExactly("tail");
      VectorSchemaRoot rejects = decoded.rejects().orElseThrow();
      assertThat(rejects.getVector("reason").getObject(0)).hasToString("bad_event_time");
      assertThat(rejects.getVector("detail").getObject(1))
          .hasToString("row 3: column date: the value does not fit timestamp");
      assertThat(rejects.getVector("row").getObject(1))
          .hasToString(
              "{\"date\":1152921504606846976,\"origin\":\"SFO\",\"destination\":\"PHL\",\"tail\":\"c\"}");
    }
  }

  private byte[] everything() {
    byte[] json =
        """
        {"b":true,"i8":1,"i16":2,"i32":3,"i64":4,"f":1.5,"d":2.5,"n":1.10,"s":"a","x":"AQID",\
        "day":"2001-01-01","t":"2001-01-01"}
        {}
        {"b":false,"s":"a longer string é","x":"AQIDBAUG"}
        """
            .getBytes(UTF_8);
    try (RowDecoder.Decoded decoded =
        RowDecoder.of("e", Sources.EVERYTHING)
            .decode(RowFormat.JSON_LINES, ByteBuffer.wrap(json), Instant.EPOCH, allocator)) {
      return IpcCodec.toBytes(decoded.rows());
    }
  }

  private VectorSchemaRoot decode(byte[] bytes, Schema schema) {
    return IpcCodec.decodeUntrusted(
        ByteBuffer.wrap(bytes), schema, IpcCodec.Limits.DEFAULT, allocator);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      Schema expected, VectorSchemaRoot sent) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (sent;
        ArrowStreamWriter writer = new ArrowStreamWriter(sent, null, out)) {
      writer.writeBatch();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return assertThatThrownBy(() -> decode(out.toByteArray(), expected))
        .isInstanceOf(BadDataException.class);
  }

  private static Schema schema(Field... fields) {
    return new Schema(List.of(fields));
  }
}
