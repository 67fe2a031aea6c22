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
public final class ProblemList {
  private static final int MOST = 200;

  private final Set<Problem> problems = new LinkedHashSet<>();
  private boolean hasErrors;

  /** Ends the reading of a file that has more wrong than right. */
  public static final class TooManyProblems extends RuntimeException {
    TooManyProblems() {
      super("too many problems", null, false, false);
    }
  }

  /** Adds {@code problem}, unless it is there already. */
  public void add(Problem problem) {
    boolean error = problem.severity() == Problem.Severity.ERROR;
    if (problems.size() < MOST || (error && !hasErrors)) {
      problems.add(problem);
      hasErrors |= error;
    } else if (error) {
      throw new TooManyProblems();
    }
  }

  /** Adds {@code complaint} about {@code file} as an error. */
  public void add(String file, Complaint complaint) {
    add(problem(Problem.Severity.ERROR, file, complaint));
  }

  void addWarning(String file, Complaint complaint) {
    add(problem(Problem.Severity.WARNING, file, complaint));
  }

  private static Problem problem(Problem.Severity severity, String file, Complaint complaint) {
    return new Problem(
        severity, file, complaint.at().line(), complaint.at().column(), complaint.message());
  }

  /** Returns whether there is an error among them. */
  public boolean hasErrors() {
    return hasErrors;
  }

  /** Returns them by file, in the order of the text. */
  public List<Problem> sorted() {
    return problems.stream()
        .sorted(
            Comparator.comparing(Problem::file)
                .thenComparingInt(Problem::line)
                .thenComparingInt(Problem::column))
        .toList();
  }
}
