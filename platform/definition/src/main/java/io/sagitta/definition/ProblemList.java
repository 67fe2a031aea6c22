package io.sagitta.definition;

import io.sagitta.definition.yaml.Complaint;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The problems found so far, each once, and no more of them than anyone reads. */
final class ProblemList {
  private static final int MOST = 200;

  private final Set<Problem> problems = new LinkedHashSet<>();

  void add(Problem problem) {
    boolean hidesNothing = problem.severity() == Problem.Severity.ERROR && !hasErrors();
    if (problems.size() < MOST || hidesNothing) {
      problems.add(problem);
    }
  }

  void add(String file, Complaint complaint) {
    add(problem(Problem.Severity.ERROR, file, complaint));
  }

  void addWarning(String file, Complaint complaint) {
    add(problem(Problem.Severity.WARNING, file, complaint));
  }

  private static Problem problem(Problem.Severity severity, String file, Complaint complaint) {
    return new Problem(
        severity, file, complaint.at().line(), complaint.at().column(), complaint.message());
  }

  boolean hasErrors() {
    return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  /** Returns them by file, in the order of the text. */
  List<Problem> sorted() {
    return problems.stream()
        .sorted(
            Comparator.comparing(Problem::file)
                .thenComparingInt(Problem::line)
                .thenComparingInt(Problem::column))
        .toList();
  }
}
