package io.sagitta.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Which lines of a text are gone and which have come, leaving out blank lines and comments. Their
 * order means nothing in a policy, so a line that was moved is neither.
 */
record LineDifference(List<String> gone, List<String> come) {
  LineDifference {
    gone = List.copyOf(gone);
    come = List.copyOf(come);
  }

  static LineDifference of(String before, String after) {
    return new LineDifference(without(before, after), without(after, before));
  }

  private static List<String> without(String text, String other) {
    List<String> left = new ArrayList<>(lines(text));
    lines(other).forEach(left::remove);
    return left;
  }

  private static List<String> lines(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  boolean isEmpty() {
    return gone.isEmpty() && come.isEmpty();
  }
}
