package io.sagitta.engine.plan;

import io.sagitta.definition.options.Nearest;
import java.util.Collection;
import java.util.Locale;

/** Names in SQL and in messages. */
final class Names {
  private static final int MOST_LISTED = 12;

  private Names() {}

  /** Returns {@code name} as an SQL identifier. */
  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Returns {@code text} as an SQL string. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Returns {@code name} as SQL compares it. */
  static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Returns {@code " Did you mean 'x'?"} for the nearest of {@code known}, else all if few. */
  static String suggestion(String name, Collection<String> known) {
    String hint = Nearest.hint(name, known);
    return !hint.isEmpty() || known.isEmpty() || known.size() > MOST_LISTED
        ? hint
        : " There are: " + String.join(", ", known) + ".";
  }
}
