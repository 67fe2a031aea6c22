package io.sagitta.engine.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Names in SQL and in messages: quoting, and the nearest one to a misspelt one. */
final class Names {
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
    Optional<String> nearest = nearest(name, known);
    if (nearest.isPresent()) {
      return " Did you mean '" + nearest.get() + "'?";
    }
    return known.isEmpty() || known.size() > 12
        ? ""
        : " There are: " + String.join(", ", known) + ".";
  }

  /** Returns the known name that takes the fewest edits, if they are few for its length. */
  static Optional<String> nearest(String name, Collection<String> known) {
    int most = Math.max(1, name.length() / 3);
    return known.stream()
        .filter(k -> distance(folded(name), folded(k)) <= most)
        .min(
            Comparator.comparingInt((String k) -> distance(folded(name), folded(k)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Edits from one to the other; a swap of neighbours is one (optimal string alignment). */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
