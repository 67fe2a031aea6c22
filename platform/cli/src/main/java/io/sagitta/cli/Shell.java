package io.sagitta.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * What surrounds a command: its streams, its environment, and whether a person watches.
 *
 * @param terminal whether output goes to a terminal, so that colours and progress make sense
 */
record Shell(
    PrintWriter out,
    PrintWriter err,
    BufferedReader in,
    Map<String, String> environment,
    boolean terminal) {
  Shell {
    environment = Map.copyOf(environment);
  }

  /** Returns what surrounds this process. */
  static Shell ofProcess() {
    Charset charset = Charset.defaultCharset();
    return new Shell(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        new BufferedReader(new InputStreamReader(System.in, charset)),
        System.getenv(),
        Ansi.AUTO.enabled());
  }

  /** Returns the same, but for output, which goes where errors go: for people beside JSON. */
  Shell withOutToErr() {
    return new Shell(err, err, in, environment, terminal);
  }

  /** Returns {@code text} with picocli's markup, such as {@code @|bold x|@}, shown or dropped. */
  String styled(String text) {
    return (terminal ? Ansi.ON : Ansi.OFF).string(text);
  }

  /** Returns the environment's {@code name}, unless it is blank. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
  }

  /** Asks {@code question} and returns whether the answer was yes; no answer means no. */
  boolean confirm(String question) {
    err.print(question + " [y/N] ");
    err.flush();
    try {
      String answer = in.readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      return false;
    }
  }
}
