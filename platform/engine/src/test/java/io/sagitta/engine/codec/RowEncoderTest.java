package io.sagitta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowEncoderTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void jsonLines_everyType() {
    try (VectorSchemaRoot root = everything()) {
      assertThat(text(root, RowFormat.JSON_LINES))
          .isEqualTo(
              """
              {"b":true,"i8":-128,"i64":9223372036854775807,"f":1.1,"d":0.1,"n":-12.30,\
              "day":"2001-01-01","t":"2001-01-01T00:01:00Z","s":"a \\"b\\"\\\\, \\n\\u0001é","x":"AQID"}
              {"b":false,"i8":0,"i64":-9223372036854775808,"f":null,"d":null,"n":0.00,\
              "day":"1969-12-31","t":"1969-12-31T23:59:59.999999Z","s":"","x":""}
              {"b":null,"i8":null,"i64":null,"f":null,"d":null,"n":null,\
              "day":null,"t":null,"s":null,"x":null}
              """);
    }
  }

  @Test
  void csv_everyType() {
    try (VectorSchemaRoot root = everything()) {
      assertThat(text(root, RowFormat.CSV))
          .isEqualTo(
              """
              b,i8,i64,f,d,n,day,t,s,x
              true,-128,9223372036854775807,1.1,0.1,-12.30,2001-01-01,2001-01-01T00:01:00Z,\
              "a ""b""\\, \n\u0001é",AQID
              false,0,-9223372036854775808,NaN,-Infinity,0.00,1969-12-31,\
              1969-12-31T23:59:59.999999Z,"",""
              ,,,,,,,,,
              """);
    }
  }

  @Test
  void jsonArray_isReadByJackson() throws Exception {
    try (VectorSchemaRoot root = Flights.batch(100, 4, allocator);
        VectorSchemaRoot none = Flights.batch(0, 4, allocator)) {
      JsonNode rows = new ObjectMapper().readTree(RowEncoder.encode(root, RowFormat.JSON_ARRAY));
      assertThat(rows).hasSize(100);
      for (int i = 0; i < 100; i++) {
        assertThat(rows.get(i).get("distance").longValue())
            .isEqualTo(root.getVector("distance").getObject(i));
        assertThat(rows.get(i).get("origin").textValue())
            .isEqualTo(root.getVector("origin").getObject(i).toString());
      }
      assertThat(text(none, RowFormat.JSON_ARRAY)).isEqualTo("[]");
    }
  }

  @Test
  void arrow_isAnIpcStream() {
    try (VectorSchemaRoot root = Flights.batch(10, 4, allocator);
        VectorSchemaRoot back =
            IpcCodec.decode(ByteBuffer.wrap(RowEncoder.encode(root, RowFormat.ARROW)), allocator)) {
      assertThat(back.equals(root)).isTrue();
    }
  }

  @Test
  void jsonObject_oneRow_ofASlice() {
    try (VectorSchemaRoot root = Flights.batch(10, 4, allocator);
        VectorSchemaRoot slice = root.slice(7, 3)) {
      assertThat(RowEncoder.jsonObject(slice, 1)).isEqualTo(RowEncoder.jsonObject(root, 8));
      String line = text(root, RowFormat.JSON_LINES).lines().skip(8).findFirst().orElseThrow();
      assertThat(RowEncoder.jsonObject(root, 8)).asString(StandardCharsets.UTF_8).isEqualTo(line);
    }
  }

  @Test
  void ofMediaType_ignoresParametersAndCase() {
    assertThat(RowFormat.ofMediaType("Text/CSV; charset=utf-8")).contains(RowFormat.CSV);
    assertThat(RowFormat.ofMediaType("application/jsonl")).contains(RowFormat.JSON_LINES);
    assertThat(RowFormat.ofMediaType("image/png")).isEmpty();
  }

  private VectorSchemaRoot everything() {
    return new Batches(allocator)
        .column("b", ArrowType.Bool.INSTANCE, true, false, null)
        .column("i8", new ArrowType.Int(8, true), -128, 0, null)
        .column("i64", new ArrowType.Int(64, true), Long.MAX_VALUE, Long.MIN_VALUE, null)
        .column(
            "f", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), 1.1f, Float.NaN, null)
        .column(
            "d",
            new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE),
            0.1,
            Double.NEGATIVE_INFINITY,
            null)
        .column(
            "n", new ArrowType.Decimal(12, 2, 128), new BigDecimal("-12.3"), BigDecimal.ZERO, null)
        .column("day", new ArrowType.Date(DateUnit.DAY), 11_323, -1, null)
        .column(
            "t",
            new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"),
            978_307_260_000_000L,
            -1,
            null)
        .column("s", ArrowType.Utf8.INSTANCE, "a \"b\"\\, \n\u0001é", "", null)
        .column("x", ArrowType.Binary.INSTANCE, new byte[] {1, 2, 3}, new byte[0], null)
        .build();
  }

  private static String text(VectorSchemaRoot root, RowFormat format) {
    return new String(RowEncoder.encode(root, format), StandardCharsets.UTF_8);
  }
}
