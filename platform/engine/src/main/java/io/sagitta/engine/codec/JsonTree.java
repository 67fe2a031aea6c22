package io.sagitta.engine.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one object with Jackson: the meaning of a row, and the words for what is wrong with one.
 * {@link JsonScanner} is only faster.
 */
final class JsonTree {
  // Names are the senders': interning them would let anyone fill the JVM's table.
  private static final JsonFactory JACKSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final BodyRows rows;

  JsonTree(BodyRows rows) {
    this.rows = rows;
  }

  /** Keeps or rejects the object in the bytes, which may have space around it. */
  void read(byte[] body, int from, int to, String place) {
    if (!Utf8.isValid(body, from, to)) {
      unreadable(place + " is not UTF-8", body, from, to);
      return;
    }
    String text = new String(body, from, to - from, StandardCharsets.UTF_8);
    try (JsonParser parser = JACKSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        unreadable(place + " is not a JSON object", body, from, to);
        return;
      }
      int row = rows.beginEmpty();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        member(parser, row);
      }
      if (parser.nextToken() != null) {
        unreadable(place + ": something follows the object", body, from, to);
        return;
      }
      rows.complete(place, () -> Arrays.copyOfRange(body, from, to));
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : ", character " + e.getLocation().getColumnNr();
      unreadable(place + where + ": " + e.getOriginalMessage(), body, from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string does not fail to be read
    }
  }

  private void member(JsonParser parser, int row) throws IOException {
    String name = parser.currentName();
    int index = rows.column(name);
    JsonToken token = parser.nextToken();
    if (index < 0) {
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      rows.ignore(utf8, 0, utf8.length);
      parser.skipChildren();
      return;
    }
    RowColumn column = rows.columns()[index];
    byte[] value = parser.getText().getBytes(StandardCharsets.UTF_8);
    RowColumn.Verdict verdict =
        switch (token) {
          case VALUE_STRING ->
              loneSurrogate(parser.getText())
                  ? RowColumn.Verdict.WRONG_TYPE
                  : column.setText(row, value, 0, value.length);
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
              column.setNumber(row, value, 0, value.length);
          case VALUE_TRUE -> column.setBoolean(row, true);
          case VALUE_FALSE -> column.setBoolean(row, false);
          case VALUE_NULL -> {
            column.setNull(row);
            yield RowColumn.Verdict.OK;
          }
          default -> RowColumn.Verdict.WRONG_TYPE;
        };
    if (token.isStructStart()) {
      value =
          (token == JsonToken.START_OBJECT ? "an object" : "an array")
              .getBytes(StandardCharsets.UTF_8);
      parser.skipChildren();
    } else if (token == JsonToken.VALUE_STRING) {
      value = ('"' + parser.getText() + '"').getBytes(StandardCharsets.UTF_8);
    }
    rows.note(index, verdict, value, 0, value.length);
  }

  /** Half of a character, which UTF-8 cannot write. */
  private static boolean loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private void unreadable(String detail, byte[] body, int from, int to) {
    rows.rejectRaw(RejectReason.UNREADABLE, detail, body, from, to);
  }
}
