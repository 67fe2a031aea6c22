package io.sagitta.cli;

import java.io.Serial;
import java.util.List;

/** The end of a command that cannot go on: what to tell the user, and the exit code. */
final class CommandFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int exitCode;
  private final transient List<String> details;

  private CommandFailure(int exitCode, String message, List<String> details) {
    super(message);
    this.exitCode = exitCode;
    this.details = List.copyOf(details);
  }

  /** The command line asks for what cannot be. */
  static CommandFailure usage(String message) {
    return new CommandFailure(ExitCodes.USAGE, message, List.of());
  }

  /**
   * The request was understood and turned down.
   *
   * @param details one line each
   */
  static CommandFailure refused(String message, List<String> details) {
    return new CommandFailure(ExitCodes.REFUSED, message, details);
  }

  /** Control did not answer. */
  static CommandFailure unreachable(String message) {
    return new CommandFailure(ExitCodes.UNREACHABLE, message, List.of());
  }

  /** Something else went wrong. */
  static CommandFailure failed(String message) {
    return new CommandFailure(ExitCodes.FAILED, message, List.of());
  }

  int exitCode() {
    return exitCode;
  }

  List<String> details() {
    return details;
  }
}
