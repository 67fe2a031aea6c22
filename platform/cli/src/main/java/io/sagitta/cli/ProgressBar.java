package io.sagitta.cli;

/** A line on a terminal that shows how far something is; elsewhere nothing. */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final String START_OF_LINE = "\r";
  private static final String REST_OF_LINE = "\u001b[K";

  private final Shell shell;

  ProgressBar(Shell shell) {
    this.shell = shell;
  }

  /** Shows {@code fraction}, from 0 to 1, of {@code what}. */
  synchronized void show(String what, double fraction) {
    if (shell.terminal()) {
      double done = Math.max(0, Math.min(1, fraction));
      int filled = (int) Math.round(done * WIDTH);
      shell
          .err()
          .print(
              START_OF_LINE
                  + "█".repeat(filled)
                  + "░".repeat(WIDTH - filled)
                  + String.format(" %3.0f %%  ", done * 100)
                  + what
                  + REST_OF_LINE);
      shell.err().flush();
    }
  }

  /** Takes the line away. */
  synchronized void clear() {
    if (shell.terminal()) {
      shell.err().print(START_OF_LINE + REST_OF_LINE);
      shell.err().flush();
    }
  }
}
