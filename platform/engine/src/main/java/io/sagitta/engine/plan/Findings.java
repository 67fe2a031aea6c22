package io.sagitta.engine.plan;

import io.sagitta.definition.Locations;
import io.sagitta.definition.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with a definition, each thing at its place in the file, once. */
final class Findings {
  private final Locations locations;
  private final List<Problem> problems = new ArrayList<>();

  Findings(Locations locations) {
    this.locations = locations;
  }

  /** Adds an error at {@code path}. */
  void error(String path, String message) {
    add(locations.error(path, styled(message)));
  }

  /**
   * Adds an error at the byte {@code byteOffset} of the SQL at {@code path}; of two at one place
   * the first says enough.
   */
  void inSql(String path, SqlText text, int byteOffset, String message) {
    Problem problem =
        locations.errorInText(path, text.written(), text.offset(byteOffset), styled(message));
    boolean taken =
        byteOffset > 0
            && problems.stream()
                .anyMatch(p -> p.line() == problem.line() && p.column() == problem.column());
    if (!taken) {
      add(problem);
    }
  }

  /** Adds what the engine says of the SQL at {@code path}. */
  void fault(String path, SqlText text, SqlFault fault) {
    inSql(path, text, fault.byteOffset().orElse(0), fault.message());
  }

  /** Returns whether there is a problem, so that there can be no plan. */
  boolean any() {
    return !problems.isEmpty();
  }

  /** Returns how many problems were found so far. */
  int count() {
    return problems.size();
  }

  /** Returns all problems in the order of the file. */
  List<Problem> inOrder() {
    return problems.stream()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }

  private void add(Problem problem) {
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  /** Writes a message as all problems are: it goes on from the place, and ends without a dot. */
  private static String styled(String message) {
    String open = message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    boolean isWord =
        open.length() > 1
            && Character.isUpperCase(open.charAt(0))
            && !Character.isUpperCase(open.charAt(1));
    return isWord ? Character.toLowerCase(open.charAt(0)) + open.substring(1) : open;
  }
}
