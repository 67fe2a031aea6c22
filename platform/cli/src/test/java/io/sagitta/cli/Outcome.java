package io.sagitta.cli;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Map;

/**
 * What one run of the command left: its exit code and what it printed.
 *
 * @param out what went to standard output
 * @param err what went to standard error
 */
record Outcome(int exitCode, String out, String err) {

  /** Runs the command in this process, without a terminal. */
  static Outcome of(String... args) {
    return answering("", args);
  }

  /** Runs the command with {@code input} on its standard input. */
  static Outcome answering(String input, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Shell shell =
        new Shell(
            new PrintWriter(out),
            new PrintWriter(err),
            new BufferedReader(new StringReader(input)),
            Map.of(),
            false);
    int exitCode = Sagitta.run(shell, args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }
}
