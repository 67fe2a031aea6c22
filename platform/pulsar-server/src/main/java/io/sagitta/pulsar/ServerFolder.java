package io.sagitta.pulsar;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of one server: {@code metadata/} and {@code bookkeeper/} are its data; {@code
 * standalone.conf}, the logs and {@code tmp/} are written anew at each start.
 */
record ServerFolder(Path root) {
  static final File NOTHING = new File("/dev/null");

  private static final String CONFIGURATION = "standalone.conf";
  private static final String LOG_CONFIGURATION = "log4j2.properties";
  private static final int LAST_LINES = 25;

  Path log() {
    return root.resolve("broker.log");
  }

  Path console() {
    return root.resolve("console.log");
  }

  Path logConfiguration() {
    return root.resolve(LOG_CONFIGURATION);
  }

  Path temp() {
    return root.resolve("tmp");
  }

  /** Writes the configuration of the coming start. */
  void prepare(LocalPulsarOptions options, int brokerPort, int httpPort) throws IOException {
    Files.createDirectories(temp());
    try (InputStream logging = resource(LOG_CONFIGURATION)) {
      Files.copy(logging, logConfiguration(), StandardCopyOption.REPLACE_EXISTING);
    }
    Map<String, String> own = new LinkedHashMap<>();
    own.put("brokerServicePort", Integer.toString(brokerPort));
    own.put("webServicePort", Integer.toString(httpPort));
    own.put("journalSyncData", Boolean.toString(options.fsync()));
    own.putAll(options.settings());
    Files.writeString(root.resolve(CONFIGURATION), configuration(own));
  }

  List<String> starterArguments() {
    return List.of(
        "--config",
        root.resolve(CONFIGURATION).toString(),
        "--no-stream-storage",
        "--no-functions-worker",
        "--metadata-dir",
        root.resolve("metadata").toString(),
        "--bookkeeper-dir",
        root.resolve("bookkeeper").toString());
  }

  /** The last lines of the log and of what the JVM itself said. */
  String lastLines() {
    return Stream.of(log(), console()).map(ServerFolder::tail).collect(Collectors.joining("\n"));
  }

  String lockHolder() {
    try {
      return Files.readString(root.resolve(BrokerMain.LOCK_FILE));
    } catch (IOException e) {
      return "unknown";
    }
  }

  /**
   * Our template without the keys that {@code own} sets, then those: a key must not stand twice.
   */
  private static String configuration(Map<String, String> own) throws IOException {
    try (InputStream template = resource(CONFIGURATION)) {
      String text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
      Stream<String> kept =
          text.lines().filter(line -> !own.containsKey(line.split("=", 2)[0].strip()));
      Stream<String> added = own.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
      return Stream.concat(kept, added).collect(Collectors.joining("\n", "", "\n"));
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(ServerFolder.class.getResourceAsStream(name), name);
  }

  private static String tail(Path file) {
    if (!Files.exists(file)) {
      return "(" + file + " was not written)";
    }
    try {
      List<String> lines = Files.readAllLines(file);
      int from = Math.max(0, lines.size() - LAST_LINES);
      return file + ":\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "(" + file + " cannot be read: " + e.getMessage() + ")";
    }
  }
}
