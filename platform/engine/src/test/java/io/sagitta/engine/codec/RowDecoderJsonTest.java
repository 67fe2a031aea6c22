package io.sagitta.engine.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.definition.HttpSource;
import io.sagitta.definition.Schema;
import io.sagitta.definition.Source;
import io.sagitta.engine.Quarantine;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowDecoderJsonTest {
  private static final Instant ARRIVAL = Instant.parse("2001-01-01T00:01:00.5Z");

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsReleased() {
    allocator.close();
  }

  @Test
  void decode_everyType() {
    assertThat(
            rows(
                Sources.EVERYTHING,
                """
                {"b":true,"i8":-128,"i16":32767,"i32":-2147483648,"i64":9223372036854775807,\
                "f":1.1,"d":0.1,"n":-12.3,"s":"é\\u00e9\\n\\uD83D\\uDE00","x":"AQID",\
                "day":"2001-01-01","t":"2001-01-01T01:01:00.123456789+01:00"}
                { "i64" : 33.0 , "d":1e400000 }
                {"i64":3.3e1,"i32":-0,"d":-0.0,"f":16777217,"n":"1e2","s":"","x":"","b":false}

                {}
                {"b":null,"s":null,"t":null}
                """))
        .containsExactly(
            "{\"b\":true,\"i8\":-128,\"i16\":32767,\"i32\":-2147483648,"
                + "\"i64\":9223372036854775807,\"f\":1.1,\"d\":0.1,\"n\":-12.30,"
                + "\"s\":\"éé\\n😀\",\"x\":\"AQID\",\"day\":\"2001-01-01\","
                + "\"t\":\"2001-01-01T00:01:00.123456Z\",\"event_time\":\"2001-01-01T00:01:00.500000Z\"}",
            "{\"b\":false,\"i8\":null,\"i16\":null,\"i32\":0,\"i64\":33,\"f\":1.6777216E7,"
                + "\"d\":-0.0,\"n\":100.00,\"s\":\"\",\"x\":\"\",\"day\":null,\"t\":null,"
                + "\"event_time\":\"2001-01-01T00:01:00.500000Z\"}",
            nothing(),
            nothing(),
            "out_of_range: line 2: column d: 1e400000 does not fit double");
  }

  @Test
  void decode_timestamps() {
    String[] good = {
      "2001-01-01T00:01:00Z",
      "2001-01-01T00:01:00",
      "2001-01-01 00:01:00",
      "2001-01-01T00:01",
      "2001-01-01t00:01:00z",
      "2001-01-01 01:01:00+01",
      "2001-01-01T00:01:00.000000999Z",
      "2000-12-31T19:01:00-05:00",
      "2001-01-01T05:31:00+0530"
    };
    for (String text : good) {
      assertThat(one("t", '"' + text + '"')).as(text).isEqualTo("\"2001-01-01T00:01:00Z\"");
    }
    assertThat(one("t", "\"2001-01-01\"")).isEqualTo("\"2001-01-01T00:00:00Z\"");
    assertThat(one("t", "\"2000-02-29T23:59:59.5Z\"")).isEqualTo("\"2000-02-29T23:59:59.500000Z\"");
    String[] bad = {
      "2001-02-29T00:00:00Z",
      "2001-13-01",
      "2001-01-01T24:00:00Z",
      "2001-01-01T00:60:00Z",
      "2001-01-01T",
      "2001-01-01T00:01:00.Z",
      "2001-01-01T00:01:00 Z",
      "now",
      "",
      "978307260",
      "2001-01-01T00:01:00+1",
      "2001-1-1"
    };
    for (String text : bad) {
      assertThat(one("t", '"' + text + '"')).as(text).startsWith("wrong_type");
    }
    assertThat(one("t", "978307260000"))
        .isEqualTo(
            "wrong_type: line 1: column t: 978307260000 is not an ISO 8601 string such as"
                + " 2001-01-01T00:01:00Z");
    for (String text :
        new String[] {"0000-01-01", "12001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00"}) {
      assertThat(one("t", '"' + text + '"')).as(text).startsWith("out_of_range");
    }
    assertThat(one("day", "\"10000-01-01\"")).startsWith("out_of_range");
    assertThat(one("day", "\"2001-01-01T00:00:00Z\"")).startsWith("wrong_type");
  }

  @Test
  void decode_valuesOfOtherTypes_areRejectedWithWords() {
    assertThat(one("i32", "\"33\""))
        .isEqualTo("wrong_type: line 1: column i32: \"33\" is not a whole number (int32)");
    assertThat(one("i32", "33.5")).startsWith("wrong_type");
    assertThat(one("i32", "2147483648")).startsWith("out_of_range");
    assertThat(one("i64", "9223372036854775808")).startsWith("out_of_range");
    assertThat(one("i64", "1e99999999999")).startsWith("out_of_range");
    assertThat(one("i64", "1.5e-99999999999")).startsWith("wrong_type");
    assertThat(one("n", "1.5e99999999999")).startsWith("out_of_range");
    assertThat(one("n", "0e99999999999")).isEqualTo("0.00");
    assertThat(one("i8", "true")).startsWith("wrong_type");
    assertThat(one("s", "5")).startsWith("wrong_type");
    assertThat(one("s", "[1,{}]"))
        .isEqualTo("wrong_type: line 1: column s: an array is not a string");
    assertThat(one("s", "\"\\ud800\"")).startsWith("wrong_type");
    assertThat(one("b", "\"true\"")).startsWith("wrong_type");
    assertThat(one("x", "\"*\"")).startsWith("wrong_type");
    assertThat(one("n", "0.125")).startsWith("out_of_range");
    assertThat(one("n", "12345678901")).startsWith("out_of_range");
    assertThat(one("n", "1234567890.12")).isEqualTo("1234567890.12");
    assertThat(one("f", "1e39")).startsWith("out_of_range");
  }

  @Test
  void decode_badLines_areRejected_othersGoOn() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"i8\":1}\n{\"i8\":\r\nnull\n{\"i8\":2} x\n{\"s\":\"".getBytes(UTF_8));
    body.writeBytes(new byte[] {(byte) 0xC0, (byte) 0x80});
    body.writeBytes("\"}\n{\"s\":\"a\tb\"}\n{\"i8\":01}\n{\"i8\":3}".getBytes(UTF_8));
    List<String> rows = rows(Sources.EVERYTHING, body.toByteArray());
    assertThat(rows.subList(0, 2))
        .extracting(row -> row.substring(0, 20))
        .containsExactly("{\"b\":null,\"i8\":1,\"i1", "{\"b\":null,\"i8\":3,\"i1");
    assertThat(rows.subList(2, rows.size()))
        .hasSize(6)
        .allMatch(row -> row.startsWith("unreadable: line"))
        .contains("unreadable: line 3 is not a JSON object", "unreadable: line 5 is not UTF-8");
  }

  @Test
  void decode_requiredAndEventTime() {
    List<String> rows =
        rows(
            Sources.FLIGHTS,
            """
            {"date":"2001-01-01T00:01:00Z","origin":"LAS","destination":"PHL"}
            {"date":"2001-01-01T00:01:00Z","origin":null,"delay":"x"}
            {"origin":"LAS","destination":"PHL"}
            {"date":"soon","origin":"LAS","destination":"PHL"}
            """);
    assertThat(rows)
        .containsExactly(
            "{\"date\":\"2001-01-01T00:01:00Z\",\"delay\":null,\"distance\":null,"
                + "\"origin\":\"LAS\",\"destination\":\"PHL\"}",
            "wrong_type: line 2: column delay: \"x\" is not a whole number (int32);"
                + " column origin has no value, which it needs;"
                + " column destination has no value, which it needs",
            "bad_event_time: line 3: column date has no value, which it needs",
            "bad_event_time: line 4: column date: \"soon\" is not an ISO 8601 string such as"
                + " 2001-01-01T00:01:00Z");
  }

  @Test
  void decode_rejects_keepRowRawAndEventTime() {
    String bad = "{\"date\":\"2001-01-01T00:01:00Z\",\"delay\":\"x\"}";
    byte[] body = (bad + "\n{oops\n").getBytes(UTF_8);
    try (RowDecoder.Decoded decoded =
        RowDecoder.of("flights", Sources.FLIGHTS)
            .decode(RowFormat.JSON_LINES, ByteBuffer.wrap(body), ARRIVAL, allocator)) {
      VectorSchemaRoot rejects = decoded.rejects().orElseThrow();
      assertThat(rejects.getSchema()).isEqualTo(Quarantine.SCHEMA);
      assertThat(rejects.getVector("stage").getObject(0)).hasToString("flights");
      assertThat(rejects.getVector("row").getObject(0)).hasToString(bad);
      assertThat(rejects.getVector("event_time").getObject(0)).isEqualTo(978_307_260_000_000L);
      assertThat(rejects.getVector("raw").isNull(0)).isTrue();
      assertThat(rejects.getVector("row").isNull(1)).isTrue();
      assertThat(rejects.getVector("raw").getObject(1)).isEqualTo("{oops".getBytes(UTF_8));
    }
  }

  @Test
  void decode_sensitiveValues_areNotInDetails() {
    Source source =
        new HttpSource(
            new Schema(List.of(Sources.sensitive("ssn", "int32"))), Optional.empty(), List.of());
    assertThat(rows(source, "{\"ssn\":\"123-45\"}"))
        .containsExactly("wrong_type: line 1: column ssn: the value is not a whole number (int32)");
  }

  @Test
  void decode_unknownKeys_areIgnoredAndNamed_lastOfTwoCounts() {
    byte[] body =
        "{\"zip\":\"a\\\"b\",\"i8\":1,\"geo\":{\"lat\":[1]},\"i8\":2}\n{\"i8\":3,\"zip\":1}"
            .getBytes(UTF_8);
    try (RowDecoder.Decoded decoded =
        RowDecoder.of("e", Sources.EVERYTHING)
            .decode(RowFormat.JSON_LINES, ByteBuffer.wrap(body), ARRIVAL, allocator)) {
      assertThat(decoded.ignored()).containsExactly("zip", "geo");
      assertThat(decoded.rows().getVector("i8").getObject(0)).isEqualTo((byte) 2);
      assertThat(decoded.rows().getVector("i8").getObject(1)).isEqualTo((byte) 3);
      assertThat(decoded.rejects()).isEmpty();
    }
  }

  @Test
  void decode_aKeyTwiceAndAnotherMissing_isNullThere() {
    Source source =
        new HttpSource(
            new Schema(List.of(Sources.required("a", "string"), Sources.field("b", "string"))),
            Optional.empty(),
            List.of());
    assertThat(rows(source, "{\"a\":\"x\",\"b\":\"y\"}\n{\"a\":\"1\",\"a\":\"2\"}\n{\"a\":\"3\"}"))
        .extracting(row -> row.substring(0, row.indexOf(",\"event_time")))
        .containsExactly(
            "{\"a\":\"x\",\"b\":\"y\"", "{\"a\":\"2\",\"b\":null", "{\"a\":\"3\",\"b\":null");
  }

  @Test
  void decode_arrays() {
    assertThat(rows(Sources.EVERYTHING, " [\n{\"i8\":1},\n {\"i8\":2\n}\n] ")).hasSize(2);
    assertThat(rows(Sources.EVERYTHING, "[]")).isEmpty();
    assertThat(rows(Sources.EVERYTHING, "")).isEmpty();
    assertThat(rows(Sources.EVERYTHING, "[{\"i8\":1},\n7,{\"i8\":\n\"a]\"},{\"i8\":4}]"))
        .element(2)
        .isEqualTo("unreadable: item 2 (line 2) is not a JSON object");
    assertThat(rows(Sources.EVERYTHING, "[{\"i8\":1},\n7,{\"i8\":\n\"a]\"},{\"i8\":4}]"))
        .element(3)
        .isEqualTo("wrong_type: item 3 (line 2): column i8: \"a]\" is not a whole number (int8)");
    for (String broken :
        new String[] {
          "[{\"i8\":1}", "[{\"i8\":1},", "[{\"i8\":1},]", "[{}{}]", "[{}] 5", "[{\"s\":\"a"
        }) {
      assertThatThrownBy(() -> rows(Sources.EVERYTHING, broken))
          .as(broken)
          .isInstanceOf(BadDataException.class)
          .hasMessageStartingWith("JSON body, line 1: ");
    }
  }

  @Test
  void decode_applicationJson_takesOneObjectOverSeveralLines() {
    byte[] body = "{\n  \"i8\": 1\n}\n{\"i8\": [\n2]}".getBytes(UTF_8);
    try (RowDecoder.Decoded decoded =
        RowDecoder.of("e", Sources.EVERYTHING)
            .decode(RowFormat.JSON_ARRAY, ByteBuffer.wrap(body), ARRIVAL, allocator)) {
      assertThat(decoded.rows().getRowCount()).isEqualTo(1);
      assertThat(decoded.rejects().orElseThrow().getVector("detail").getObject(0))
          .hasToString("item 2 (line 4): column i8: an array is not a whole number (int8)");
    }
  }

  @Test
  void decode_limits() {
    RowDecoder.Limits limits = new RowDecoder.Limits(20, 3, 1);
    RowDecoder decoder = RowDecoder.of("e", Sources.EVERYTHING, limits);
    String body = "{\"i8\":1}\n{\"s\":\"" + "x".repeat(20) + "\"}\n{\"i8\":2}\n";
    try (RowDecoder.Decoded decoded = decode(decoder, body)) {
      assertThat(decoded.rows().getRowCount()).isEqualTo(2);
      assertThat(decoded.rejects().orElseThrow().getVector("detail").getObject(0))
          .hasToString("line 2 has 28 bytes, over the limit of 20");
    }
    assertThatThrownBy(() -> decode(decoder, "{}\n{}\n{}\n{}\n"))
        .isInstanceOf(BadDataException.class)
        .hasMessage("The body has over 3 rows; send it in several");
    assertThatThrownBy(() -> decode(decoder, "x\ny\n"))
        .isInstanceOf(BadDataException.class)
        .hasMessageStartingWith("Over 1 rows of the body cannot be taken, so none was; the first:");
  }

  private RowDecoder.Decoded decode(RowDecoder decoder, String body) {
    return decoder.decode(
        RowFormat.JSON_LINES, ByteBuffer.wrap(body.getBytes(UTF_8)), ARRIVAL, allocator);
  }

  /** The value that a column gets, as JSON, or why it gets none. */
  private String one(String column, String json) {
    byte[] body = ("{\"" + column + "\":" + json + "}").getBytes(UTF_8);
    String row = rows(Sources.EVERYTHING, body).get(0);
    if (!row.startsWith("{")) {
      return row;
    }
    int start = row.indexOf("\"" + column + "\":") + column.length() + 3;
    int end = row.indexOf(",\"", start);
    return row.substring(start, end);
  }

  private static String nothing() {
    return "{\"b\":null,\"i8\":null,\"i16\":null,\"i32\":null,\"i64\":null,\"f\":null,\"d\":null,"
        + "\"n\":null,\"s\":null,\"x\":null,\"day\":null,\"t\":null,"
        + "\"event_time\":\"2001-01-01T00:01:00.500000Z\"}";
  }

  private List<String> rows(Source source, String body) {
    return rows(source, body.getBytes(UTF_8));
  }

  /** Good rows as JSON, then the rejected as {@code reason: detail}. */
  private List<String> rows(Source source, byte[] body) {
    ByteBuffer direct = ByteBuffer.allocateDirect(body.length).put(body).flip();
    try (RowDecoder.Decoded decoded =
        RowDecoder.of("s", source).decode(RowFormat.JSON_LINES, direct, ARRIVAL, allocator)) {
      List<String> rows = new ArrayList<>();
      new String(RowEncoder.encode(decoded.rows(), RowFormat.JSON_LINES), UTF_8)
          .lines()
          .forEach(rows::add);
      decoded
          .rejects()
          .ifPresent(
              rejects -> {
                FieldVector reason = rejects.getVector("reason");
                FieldVector detail = rejects.getVector("detail");
                for (int i = 0; i < rejects.getRowCount(); i++) {
                  rows.add(reason.getObject(i) + ": " + detail.getObject(i));
                }
              });
      return rows;
    }
  }
}
