package io.sagitta.bench;

import io.sagitta.engine.Engine;
import io.sagitta.engine.run.DuckEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Says on what was measured. */
final class Machine {
  private Machine() {}

  /** Returns a line about processor, memory, JDK and versions, and how busy it was. */
  static String describe() {
    try (Engine engine = new DuckEngine(64L << 20)) {
      return "Measured "
          + Instant.now().truncatedTo(ChronoUnit.MINUTES)
          + " on "
          + Runtime.getRuntime().availableProcessors()
          + " cores of "
          + value("/proc/cpuinfo", "model name")
          + ", "
          + Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "")) / (1 << 20)
          + " GiB, Linux "
          + System.getProperty("os.version")
          + "; JDK "
          + Runtime.version()
          + "; "
          + engine.version()
          + ", Arrow "
          + version(VectorSchemaRoot.class, "arrow-vector-")
          + ", Pulsar "
          + jarVersion("pulsar-client-original-|pulsar-client-")
          + ". Load before (1 min): "
          + Files.readString(Path.of("/proc/loadavg")).split(" ")[0]
          + ".";
    } catch (IOException e) {
      return "The machine does not say what it is: " + e.getMessage();
    }
  }

  private static String version(Class<?> type, String prefix) {
    String jar = String.valueOf(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    return jar.substring(jar.lastIndexOf(prefix) + prefix.length()).replace(".jar", "");
  }

  private static String jarVersion(String prefixes) {
    for (String entry : System.getProperty("java.class.path").split(":")) {
      String name = entry.substring(entry.lastIndexOf('/') + 1);
      if (name.matches("(" + prefixes + ")[0-9].*")) {
        return name.replaceAll("^[a-z-]*|\\.jar$", "");
      }
    }
    return "?";
  }

  private static String value(String file, String key) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(file));
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith(key.toLowerCase(Locale.ROOT))) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "?";
  }
}
