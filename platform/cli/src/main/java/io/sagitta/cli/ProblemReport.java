package io.sagitta.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sagitta.definition.Problem;
import java.util.List;

/** All problems of some files, for people or for machines. */
final class ProblemReport {
  private final int files;
  private final List<Problem> problems;

  private ProblemReport(int files, List<Problem> problems) {
    this.files = files;
    this.problems = problems;
  }

  static ProblemReport of(List<CheckedDefinition> checked) {
    return new ProblemReport(
        checked.size(), checked.stream().flatMap(c -> c.problems().stream()).toList());
  }

  /** Returns a report of {@code problems} of {@code files} files. */
  static ProblemReport of(int files, List<Problem> problems) {
    return new ProblemReport(files, List.copyOf(problems));
  }

  /** Returns a report of warnings about one file. */
  static ProblemReport ofWarnings(List<Problem> warnings) {
    return new ProblemReport(1, List.copyOf(warnings));
  }

  /** Returns how many problems refuse a file. */
  long errors() {
    return problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
  }

  /** Prints one line a problem to {@code shell}'s standard error. */
  void print(Shell shell) {
    for (Problem problem : problems) {
      String place = problem.file() + ":" + problem.line() + ":" + problem.column() + ": ";
      String severity =
          problem.severity() == Problem.Severity.WARNING
              ? "@|yellow warning:|@ "
              : "@|bold,red error:|@ ";
      shell.err().println(place + shell.styled(severity) + problem.message());
    }
    shell.err().flush();
  }

  /** Returns "2 errors in 3 files". */
  String summary() {
    return counted(errors(), "error") + " in " + counted(files, "file");
  }

  /** Returns the problems as a JSON array. */
  ArrayNode json() {
    ArrayNode array = Json.array(List.of());
    for (Problem problem : problems) {
      array
          .addObject()
          .put("severity", problem.severity().name().toLowerCase(java.util.Locale.ROOT))
          .put("file", problem.file())
          .put("line", problem.line())
          .put("column", problem.column())
          .put("message", problem.message());
    }
    return array;
  }

  /** Returns {@code 1 file} or {@code 3 files}. */
  static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
