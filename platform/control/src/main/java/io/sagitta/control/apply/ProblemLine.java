package io.sagitta.control.apply;

import io.sagitta.definition.Problem;
import java.util.List;
import java.util.Locale;

/**
 * A definition's problem as the ops API says it.
 *
 * @param severity {@code error} or {@code warning}
 */
public record ProblemLine(String severity, String file, int line, int column, String message) {

  /** Returns the lines of those {@code problems} that are of {@code severity}. */
  public static List<ProblemLine> of(List<Problem> problems, Problem.Severity severity) {
    return problems.stream()
        .filter(p -> p.severity() == severity)
        .map(
            p ->
                new ProblemLine(
                    severity.name().toLowerCase(Locale.ROOT),
                    p.file(),
                    p.line(),
                    p.column(),
                    p.message()))
        .toList();
  }
}
