package io.sagitta.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What a process has used so far, as Linux counts it below {@code /proc}. */
final class ProcessUse {
  private static final double TICKS_PER_SECOND = 100;
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private ProcessUse() {}

  /** Returns the CPU time of process {@code pid}, user and system, in seconds. */
  static double cpuSeconds(long pid) {
    return cpuSeconds(Path.of("/proc/" + pid + "/stat"));
  }

  /** Returns the CPU time of process {@code pid} by kind of thread, in seconds. */
  static Map<String, Double> cpuSecondsByThread(long pid) {
    Map<String, Double> seconds = new TreeMap<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks) {
        try {
          seconds.merge(
              kind(Files.readString(task.resolve("comm")).strip()),
              cpuSeconds(task.resolve("stat")),
              Double::sum);
        } catch (NoSuchFileException e) {
          // The thread ended meanwhile.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the threads of process " + pid, e);
    }
    return seconds;
  }

  private static String kind(String threadName) {
    return threadName.replaceAll("[-_ #]*[0-9]+([-_ ][0-9]+)*$", "");
  }

  /** Returns the most memory that process {@code pid} ever had resident, in bytes. */
  static long peakBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the status of process " + pid, e);
    }
    throw new IllegalStateException("Process " + pid + " has no VmHWM");
  }

  private static double cpuSeconds(Path stat) {
    try {
      String line = Files.readString(stat);
      // The name, in parentheses, may hold anything.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
          / TICKS_PER_SECOND;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + stat + "; measuring needs Linux", e);
    }
  }
}
