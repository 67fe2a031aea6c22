package io.sagitta.engine.plan;

import java.nio.charset.StandardCharsets;

/**
 * SQL of a definition, maybe with more SQL around it for the engine, whose places count from the
 * author's part.
 */
record SqlText(String before, String written, String after) {

  static SqlText of(String written) {
    return new SqlText("", written, "");
  }

  /** Returns what the engine sees. */
  String sql() {
    return before + written + after;
  }

  /** Returns which character of the author's text the byte {@code byteOffset} of the SQL is. */
  int offset(int byteOffset) {
    byte[] bytes = sql().getBytes(StandardCharsets.UTF_8);
    int end = Math.max(0, Math.min(byteOffset, bytes.length));
    int at = new String(bytes, 0, end, StandardCharsets.UTF_8).length() - before.length();
    return Math.max(0, Math.min(at, written.length()));
  }
}
