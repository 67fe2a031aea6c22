package io.sagitta.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of the roles, which libfaketime can move: it reads from a file how far. Only the
 * wall clock: what measures durations goes on.
 */
final class Clock {
  private static final List<Path> LIBRARIES =
      Stream.of("x86_64-linux-gnu/", "aarch64-linux-gnu/", "")
          .map(folder -> Path.of("/usr/lib/" + folder + "faketime/libfaketimeMT.so.1"))
          .toList();
  private static final List<String> JUMPS = List.of("+3600", "-900");

  private final Path file;

  /** Creates one that is moved by {@code file}. */
  Clock(Path file) {
    this.file = file;
    move("+0");
  }

  /** Returns why there is none on this machine. */
  static Optional<String> whyNot() {
    return library().isPresent()
        ? Optional.empty()
        : Optional.of("libfaketime is not installed (Debian: apt-get install libfaketime)");
  }

  private static Optional<Path> library() {
    return LIBRARIES.stream().filter(Files::exists).findFirst();
  }

  /** Returns the variables that put a process under this clock. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library().orElseThrow().toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_NO_CACHE", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "DONT_FAKE_MONOTONIC", "1");
  }

  /** Jumps an hour forward, then a quarter of an hour behind the true time, then back to it. */
  void jump(Duration each) throws InterruptedException {
    for (String by : JUMPS) {
      move(by);
      Thread.sleep(each.toMillis());
    }
    move("+0");
  }

  private void move(String by) {
    try {
      Files.writeString(file, by + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot move the clock in " + file, e);
    }
  }
}
