package io.sagitta.torture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Small programs of the machine, for what Java cannot do by itself. */
final class Commands {
  private Commands() {}

  /** Runs one, which must go well, and within some seconds. */
  static void run(String... command) throws InterruptedException {
    String what = String.join(" ", command);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String says =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new TortureException("'" + what + "' failed: " + says);
      }
    } catch (IOException e) {
      throw new TortureException("Cannot run '" + what + "': " + e.getMessage(), e);
    }
  }
}
