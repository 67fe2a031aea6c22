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
    add(locations.error(path, message));
  }

  /** Adds something that works but is hardly meant. */
  void warning(String path, String message) {
    Problem at = locations.error(path, message);
    add(new Problem(Problem.Severity.WARNING, at.file(), at.line(), at.column(), message));
  }

  /** Adds an error at the byte {@code byteOffset} of the SQL at {@code path}. */
  void inSql(String path, SqlText text, int byteOffset, String message) {
    add(
        locations.errorInText(
            path, text.original(), text.originalOffset(Math.max(0, byteOffset)), message));
  }

  /** Adds an error at the character {@code offset} of the author's text at {@code path}. */
  void inOriginal(String path, SqlText text, int offset, String message) {
    add(locations.errorInText(path, text.original(), offset, message));
  }

  /** Adds what the engine says of the SQL at {@code path}. */
  void fault(String path, SqlText text, SqlFault fault) {
    inSql(path, text, fault.byteOffset().orElse(0), fault.message());
  }

  /** Returns whether there is an error, so that there can be no plan. */
  boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
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
}
