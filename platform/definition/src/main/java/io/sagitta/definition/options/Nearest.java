package io.sagitta.definition.options;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a misspelt one was meant to be, by edit distance. */
public final class Nearest {
  private static final int LONGEST_NAME = 80;
  private static final int MOST_SHOWN = 30;

  private Nearest() {}

  /** Returns {@code " Did you mean 'x'?"}, or nothing if no candidate is near. */
  public static String hint(String word, Collection<String> candidates) {
    return to(word, candidates).map(" Did you mean '%s'?"::formatted).orElse("");
  }

  /** Returns {@code " There are: a, b"}, or nothing if there are none or too many to read. */
  public static String all(Collection<String> candidates) {
    return candidates.isEmpty() || candidates.size() > MOST_SHOWN
        ? ""
        : " There are: " + String.join(", ", candidates);
  }

  /** Returns the candidate that is at most a third of its letters away from {@code word}. */
  public static Optional<String> to(String word, Collection<String> candidates) {
    if (word.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    String lower = word.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(c -> Math.abs(c.length() - word.length()) <= (c.length() + 2) / 3)
        .filter(c -> distance(lower, c.toLowerCase(Locale.ROOT)) <= (c.length() + 2) / 3)
        .min(
            Comparator.comparingInt((String c) -> distance(lower, c.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Optimal string alignment: insertions, deletions, changes and swaps of neighbours. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
