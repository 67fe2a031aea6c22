package io.sagitta.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** A sampling profile of a Java process, by the flight recorder that is in the JDK. */
record JavaProfile(String name, long pid, Path file) {
  /** Methods in which a thread waits, which the recorder counts as running native code. */
  private static final Set<String> WAITING =
      Set.of(
          "epollWait",
          "epollWait0",
          "wait",
          "accept",
          "accept0",
          "poll",
          "park",
          "read0",
          "receive0",
          "readBytes",
          "force0",
          "socketRead0");

  /** The rooms and libraries that a sample is put down to: the innermost frame of one of them. */
  private static final Map<String, String> AREAS =
      Map.ofEntries(
          Map.entry("io.sagitta.engine.codec", "our codecs"),
          Map.entry("io.sagitta.engine.run", "our engine"),
          Map.entry("io.sagitta.node", "our node"),
          Map.entry("io.sagitta.gateway", "our gateway"),
          Map.entry("io.sagitta.transport", "our transport"),
          Map.entry("org.duckdb", "DuckDB"),
          Map.entry("org.apache.arrow", "Arrow"),
          Map.entry("org.apache.pulsar", "Pulsar"),
          Map.entry("org.apache.bookkeeper", "BookKeeper"),
          Map.entry("org.rocksdb", "RocksDB"),
          Map.entry("io.airlift.compress", "LZ4"),
          Map.entry("net.jpountz", "LZ4"),
          Map.entry("com.scurrilous.circe", "checksums"),
          Map.entry("io.netty", "Netty"),
          Map.entry("org.eclipse.jetty", "Jetty"),
          Map.entry("org.glassfish.jersey", "Jersey"));

  /** Starts recording. */
  static JavaProfile start(String name, long pid, Path file)
      throws IOException, InterruptedException {
    jcmd(pid, "JFR.start", "name=bench", "settings=profile");
    return new JavaProfile(name, pid, file);
  }

  /** Stops recording; returns the areas and methods that were seen most, as shares of samples. */
  MarkdownTable stop(int most) throws IOException, InterruptedException {
    jcmd(pid, "JFR.stop", "name=bench", "filename=" + file);
    Map<String, Integer> areas = new HashMap<>();
    Map<String, Integer> methods = new HashMap<>();
    int samples = 0;
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        String type = event.getEventType().getName();
        if (type.equals("jdk.ExecutionSample") || type.equals("jdk.NativeMethodSample")) {
          List<RecordedFrame> frames =
              event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
          if (!frames.isEmpty() && !waits(frames.get(0).getMethod())) {
            samples++;
            areas.merge(area(frames), 1, Integer::sum);
            methods.merge(name(frames.get(0).getMethod()), 1, Integer::sum);
          }
        }
      }
    }
    MarkdownTable table =
        new MarkdownTable("Profile of the " + name + ", " + samples + " samples", "share %");
    rows(table, areas, samples, most, "");
    rows(table, methods, samples, most, "`");
    return table;
  }

  private static void rows(
      MarkdownTable table, Map<String, Integer> counts, int samples, int most, String quote) {
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(most)
        .forEach(e -> table.row(quote + e.getKey() + quote, 100.0 * e.getValue() / samples));
  }

  private static boolean waits(RecordedMethod method) {
    return method.getModifiers() != 0
        && java.lang.reflect.Modifier.isNative(method.getModifiers())
        && WAITING.contains(method.getName());
  }

  private static String area(List<RecordedFrame> frames) {
    for (RecordedFrame frame : frames) {
      String type = frame.getMethod().getType().getName();
      for (Map.Entry<String, String> area : AREAS.entrySet()) {
        if (type.startsWith(area.getKey())) {
          return "in " + area.getValue();
        }
      }
    }
    return "elsewhere";
  }

  private static String name(RecordedMethod method) {
    String type = method.getType().getName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + method.getName();
  }

  private static void jcmd(long pid, String... command) throws IOException, InterruptedException {
    List<String> line = new java.util.ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add(Long.toString(pid));
    line.addAll(List.of(command));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("jcmd failed: " + line + "; is this a whole JDK?");
    }
  }
}
