package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import java.nio.charset.StandardCharsets;

/** Words for people about values. */
final class ValueWords {
  private static final int SHOWN_BYTES = 60;

  private ValueWords() {}

  /** Says what a value of a type looks like. */
  static String expected(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "true or false";
      case INT8, INT16, INT32, INT64 -> "a whole number (" + type + ")";
      case FLOAT, DOUBLE, DECIMAL -> "a number (" + type + ")";
      case STRING -> "a string";
      case BINARY -> "a string of base64";
      case DATE -> "a date such as 2001-01-01";
      case TIMESTAMP -> "an ISO 8601 string such as 2001-01-01T00:01:00Z";
    };
  }

  /** Cuts a value to what a message can hold. */
  static String shown(byte[] b, int from, int to) {
    int length = Math.min(to - from, SHOWN_BYTES);
    String text = new String(b, from, length, StandardCharsets.UTF_8);
    return to - from > SHOWN_BYTES ? text + "…" : text;
  }
}
