package io.sagitta.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The wall clock of one process, which can be moved while the process runs: libfaketime, loaded
 * before the C library, reads a file for how far it is off. The monotonic clock, on which waiting
 * depends, stays right.
 *
 * @param library libfaketime
 * @param file how far the clock is off
 */
record WallClock(Path library, Path file) {
  private static final String LIBRARY = "faketime/libfaketime.so.1";

  /** Creates one that is right. */
  WallClock {
    write(file, Duration.ZERO);
  }

  /** Returns where libfaketime is installed; empty if it is not. */
  static Optional<Path> libfaketime() {
    for (Path folder : new Path[] {Path.of("/usr/lib"), Path.of("/usr/lib64")}) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      if (Files.exists(folder.resolve(LIBRARY))) {
        return Optional.of(folder.resolve(LIBRARY));
      }
      try (DirectoryStream<Path> machines = Files.newDirectoryStream(folder, "*-linux-gnu*")) {
        for (Path machine : machines) {
          if (Files.exists(machine.resolve(LIBRARY))) {
            return Optional.of(machine.resolve(LIBRARY));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot look for libfaketime in " + folder, e);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the variables that put a process on this clock. Without the last one, version 0.9.10
   * lets every timed wait of a JVM end at once when the monotonic clock is left alone.
   */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /** Sets it so far off, to the future or, below zero, to the past. */
  void setOff(Duration by) {
    write(file, by);
  }

  private static void write(Path file, Duration by) {
    Path draft = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(draft, "%+d\n".formatted(by.toSeconds()));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot set the clock " + file, e);
    }
  }
}
