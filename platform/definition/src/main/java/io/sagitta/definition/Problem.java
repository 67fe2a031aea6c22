package io.sagitta.definition;

import java.util.regex.Pattern;

/**
 * One thing wrong with a definition. Its message is a single line, whatever the names in the file
 * hold: nobody's name can begin another line of a log, or tell a terminal what to do.
 *
 * @param file the file as the user named it
 * @param line from 1
 * @param column from 1
 * @param message what is wrong and how to mend it
 */
public record Problem(Severity severity, String file, int line, int column, String message) {
  // Also what turns the direction of text round.
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028-\\u202e\\u2066-\\u2069]");

  /** Writes characters of the message that cannot be seen as escapes. */
  public Problem {
    message =
        INVISIBLE
            .matcher(message)
            .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }

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
