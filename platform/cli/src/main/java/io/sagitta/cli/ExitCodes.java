package io.sagitta.cli;

/** What the command's exit code tells a script; the help of every command lists them. */
final class ExitCodes {
  /** Done, and nothing is wrong. */
  static final int OK = 0;

  /** Problems were found, or control refused. */
  static final int REFUSED = 1;

  /** The command line is wrong, or names a file that is not there. */
  static final int USAGE = 2;

  /** Control did not answer. */
  static final int UNREACHABLE = 3;

  /** Something else failed: a disk, a database, or Sagitta itself. */
  static final int FAILED = 4;

  private ExitCodes() {}
}
