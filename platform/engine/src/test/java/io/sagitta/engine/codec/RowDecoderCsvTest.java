package io.sagitta.engine.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.definition.Source;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RowDecoderCsvTest {
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
                b,i8,i16,i32,i64,f,d,n,s,x,day,t
                TRUE,-128, 007 ,+5,33.0,.5,NaN,1.10,"a ""b"", c",AQID,2001-01-01,2001-01-01 00:01:00
                ,"",,,,,-Infinity,,"",,,
                false,,,,,5.,1e3,,plain "quotes",,,
                """))
        .containsExactly(
            "true,-128,7,5,33,0.5,NaN,1.10,\"a \"\"b\"\", c\",AQID,2001-01-01,"
                + "2001-01-01T00:01:00Z,1970-01-01T00:00:00Z",
            ",,,,,,-Infinity,,\"\",,,,1970-01-01T00:00:00Z",
            "wrong_type: line 4: column f: 5. is not a number (float)");
  }

  @Test
  void decode_crlf_noLastLineEnd_blankLines_byteOrderMark() {
    assertThat(
            rows(
                Sources.FLIGHTS,
                "\uFEFFdate,origin,destination,zip\r\n2001-01-01,LAS,PHL,1\r\n\r\n\n"
                    + "2001-01-01,\"L\nA\",PHL,"))
        .containsExactly("2001-01-01T00:00:00Z,,,LAS,PHL", "2001-01-01T00:00:00Z,,,\"L", "A\",PHL");
    assertThat(rows(Sources.FLIGHTS, "")).isEmpty();
    assertThat(rows(Sources.FLIGHTS, "date,origin,destination")).isEmpty();
  }

  @Test
  void decode_badRecords_areRejected_othersGoOn() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        """
        date,origin,destination
        2001-01-01,LAS,PHL
        2001-01-01,LAS
        soon,LAS,PHL
        2001-01-01,,PHL
        2001-01-01,"LAS"x,PHL
        2001-01-01,A,B
        2001-01-01,"
        """
            .getBytes(UTF_8));
    body.writeBytes(new byte[] {'2', '0', '0', '1', ',', (byte) 0xFF, ',', 'b', '\n'});
    body.writeBytes("2001-01-01,C,D".getBytes(UTF_8));
    assertThat(rows(Sources.FLIGHTS, body.toByteArray()))
        .containsExactly(
            "2001-01-01T00:00:00Z,,,LAS,PHL",
            "2001-01-01T00:00:00Z,,,A,B",
            "2001-01-01T00:00:00Z,,,C,D",
            "unreadable: line 3 has 2 fields, line 1 names 3",
            "bad_event_time: line 4: column date: soon is not an ISO 8601 string such as"
                + " 2001-01-01T00:01:00Z",
            "missing_required: line 5: column origin has no value, which it needs",
            "unreadable: line 6: text follows a closing quote; write quotes inside a field twice",
            "unreadable: line 8: a quoted field never ends; close its quote",
            "unreadable: line 9: not UTF-8");
  }

  @Test
  void decode_rejectedRow_isAJsonObject() {
    byte[] body = "date,origin,destination\nsoon,\"a \"\"b\",\n".getBytes(UTF_8);
    try (RowDecoder.Decoded decoded = decode(Sources.FLIGHTS, body)) {
      assertThat(decoded.rejects().orElseThrow().getVector("row").getObject(0))
          .hasToString("{\"date\":\"soon\",\"origin\":\"a \\\"b\",\"destination\":null}");
    }
  }

  @Test
  void decode_badHeader_refusesTheBody() {
    assertThatThrownBy(() -> rows(Sources.FLIGHTS, "date;origin;destination\n1;2;3"))
        .isInstanceOf(BadDataException.class)
        .hasMessage(
            "CSV body, line 1: should name column date, but reads: date;origin;destination");
    assertThatThrownBy(() -> rows(Sources.FLIGHTS, "date,origin,destination,origin\n"))
        .isInstanceOf(BadDataException.class)
        .hasMessage("CSV body, line 1: names column origin twice");
    assertThatThrownBy(() -> rows(Sources.EVERYTHING, "foo,bar\n"))
        .isInstanceOf(BadDataException.class);
    assertThatThrownBy(() -> rows(Sources.EVERYTHING, "\"b,i8\n"))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("never ends");
  }

  @Test
  void decode_whatTheEncoderWrote_isTheSame() {
    try (VectorSchemaRoot flights = Flights.batch(500, 8, allocator)) {
      byte[] csv = RowEncoder.encode(flights, RowFormat.CSV);
      byte[] json = RowEncoder.encode(flights, RowFormat.JSON_LINES);
      try (RowDecoder.Decoded fromCsv = decode(Sources.FLIGHTS, csv);
          RowDecoder.Decoded fromJson =
              RowDecoder.of("f", Sources.FLIGHTS)
                  .decode(RowFormat.JSON_LINES, ByteBuffer.wrap(json), Instant.EPOCH, allocator)) {
        assertThat(fromCsv.rejects()).isEmpty();
        assertThat(fromCsv.rows().equals(flights)).isTrue();
        assertThat(fromJson.rows().equals(flights)).isTrue();
      }
    }
  }

  private RowDecoder.Decoded decode(Source source, byte[] body) {
    return RowDecoder.of("s", source)
        .decode(RowFormat.CSV, ByteBuffer.wrap(body), Instant.EPOCH, allocator);
  }

  private List<String> rows(Source source, String body) {
    return rows(source, body.getBytes(UTF_8));
  }

  /** Lines of the good rows, then the rejected as {@code reason: detail}. */
  private List<String> rows(Source source, byte[] body) {
    try (RowDecoder.Decoded decoded = decode(source, body)) {
      List<String> rows =
          new ArrayList<>(new String(RowEncoder.csvRows(decoded.rows()), UTF_8).lines().toList());
      decoded
          .rejects()
          .ifPresent(
              rejects -> {
                for (int i = 0; i < rejects.getRowCount(); i++) {
                  rows.add(
                      rejects.getVector("reason").getObject(i)
                          + ": "
                          + rejects.getVector("detail").getObject(i));
                }
              });
      return rows;
    }
  }
}
