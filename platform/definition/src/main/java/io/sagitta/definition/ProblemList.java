package io.sagitta.definition;

import io.sagitta.definition.yaml.Complaint;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The problems found so far, each once, and no more of them than anyone reads: past that, reading
 * ends with {@link TooManyProblems}.
 */
final class ProblemList {
  private static final int MOST = 200;

  private final Set<Problem> problems = new LinkedHashSet<>();
  private boolean hasErrors;

  /** Ends the reading of a file that has more wrong than right. */
  static final class TooManyProblems extends RuntimeException {
    TooManyProblems() {
      super("too many problems", null, false, false);
    }
  }

  void add(Problem problem) {
    boolean error = problem.severity() == Problem.Severity.ERROR;
    if (problems.size() < MOST || (error && !hasErrors)) {
      problems.add(problem);
      hasErrors |= error;
    } else if (error) {
      throw new TooManyProblems();
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
    return hasErrors;
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
