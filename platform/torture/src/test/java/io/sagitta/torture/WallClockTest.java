package io.sagitta.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WallClockTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** How often the child looks, and what it prints: how much both of its clocks went on since. */
  private static final int LOOKS = 60;

  private static final int WAIT_MILLIS = 100;

  /** A JVM that waits for a tenth of a second again and again. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      for (int i = 0; i < LOOKS; i++) {
        long wall = System.currentTimeMillis();
        long nanos = System.nanoTime();
        Thread.sleep(WAIT_MILLIS);
        System.out.println(
            (System.currentTimeMillis() - wall) + " " + (System.nanoTime() - nanos) / 1_000_000);
      }
    }
  }

  @Test
  void setOff_movesTheWallClockOfARunningJvm_andNothingElse(@TempDir Path folder)
      throws IOException, InterruptedException {
    Optional<Path> library = WallClock.libfaketime();
    assumeThat(library).as("libfaketime is installed").isPresent();
    WallClock clock = new WallClock(library.get(), folder.resolve("clock"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName());
    builder.environment().putAll(clock.environment());
    Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long jumped = 0;
    try (BufferedReader lines = child.inputReader(StandardCharsets.US_ASCII)) {
      for (int i = 0; i < LOOKS; i++) {
        String[] went = lines.readLine().split(" ");
        if (i == LOOKS / 4) {
          clock.setOff(HOUR);
        }
        long wall = Long.parseLong(went[0]);
        if (wall > HOUR.toMillis() / 2) {
          jumped++;
        }
        assertThat(Long.parseLong(went[1])).as("the wait of look %d", i).isBetween(95L, 5_000L);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(jumped).isOne();
  }
}
