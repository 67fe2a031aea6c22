package io.sagitta.definition;

/**
 * One thing wrong with a definition.
 *
 * @param file the file as the user named it
 * @param line from 1
 * @param column from 1
 * @param message what is wrong and how to mend it
 */
public record Problem(Severity severity, String file, int line, int column, String message) {

  /** Whether a definition with the problem is refused. */
  public enum Severity {
    ERROR,
    WARNING
  }

  @Override
  public String toString() {
    return file
        + ":"
        + line
        + ":"
        + column
        + ": "
        + (severity == Severity.WARNING ? "warning: " : "")
        + message;
  }
}
