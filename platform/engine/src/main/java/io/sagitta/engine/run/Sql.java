package io.sagitta.engine.run;

/** Pieces of SQL text. */
final class Sql {
  private Sql() {}

  /** Returns {@code name} as an identifier. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
