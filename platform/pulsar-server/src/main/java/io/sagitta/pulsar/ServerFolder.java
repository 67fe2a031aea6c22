package io.sagitta.pulsar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of one server: {@code metadata/} and {@code bookkeeper/} are its data; {@code
 * standalone.conf}, the logs and {@code tmp/} are written anew at each start.
 */
record ServerFolder(Path root) {
  private static final String CONFIGURATION = "standalone.conf";
  private static final String LOG_CONFIGURATION = "log4j2.properties";
  private static final Pattern BOOKIE_ADDRESS = Pattern.compile("bookieHost: \".*:(\\d+)\"");
  private static final int LAST_LINES = 25;
  private static final long LEAST_FREE_BYTES = 1L << 30;
  private static final double PULSARS_THRESHOLD = 0.95;

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
    checkDisk();
    try (InputStream logging = resource(LOG_CONFIGURATION)) {
      Files.copy(logging, logConfiguration(), StandardCopyOption.REPLACE_EXISTING);
    }
    Map<String, String> own = new LinkedHashMap<>();
    own.put("brokerServicePort", Integer.toString(brokerPort));
    own.put("webServicePort", Integer.toString(httpPort));
    own.put("listeningInterface", Ports.loopbackInterface());
    own.put("journalSyncData", Boolean.toString(options.fsync()));
    own.put("diskUsageThreshold", Double.toString(diskUsageThreshold()));
    options.security().ifPresent(security -> own.putAll(security.settings(brokerPort, httpPort)));
    own.putAll(options.settings());
    Files.writeString(root.resolve(CONFIGURATION), configuration(own));
  }

  List<String> starterArguments(int bookiePort) {
    return List.of(
        "--bookkeeper-port",
        Integer.toString(bookiePort),
        "--config",
        root.resolve(CONFIGURATION).toString(),
        "--no-stream-storage",
        "--no-functions-worker",
        "--metadata-dir",
        root.resolve("metadata").toString(),
        "--bookkeeper-dir",
        root.resolve("bookkeeper").toString());
  }

  /**
   * The port of the bookie. It is chosen at the first start and then part of the data: the bookie's
   * identity is its address, which it keeps in a cookie beside its ledgers.
   */
  int bookiePort() throws IOException {
    Path cookie = root.resolve("bookkeeper/current/VERSION");
    if (!Files.exists(cookie)) {
      return Ports.freeForGood();
    }
    Matcher address = BOOKIE_ADDRESS.matcher(Files.readString(cookie));
    if (!address.find()) {
      throw new IOException(cookie + " names no bookie; the folder is damaged");
    }
    return Ports.take(
        Integer.parseInt(address.group(1)),
        "start with another data folder: it is the bookie's, and part of the data in " + root);
  }

  /** The last lines of the log and of what the JVM itself said. */
  String lastLines() {
    return Stream.of(log(), console()).map(ServerFolder::tail).collect(Collectors.joining("\n"));
  }

  /**
   * Refuses a folder that a live server holds, before anything in it is touched. The server itself
   * takes the lock, so that two starts at the same moment cannot both have it.
   */
  void checkFree() throws IOException {
    Path lock = root.resolve(BrokerMain.LOCK_FILE);
    if (!Files.exists(lock)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      if (taken == null) {
        throw inUse();
      }
    } catch (OverlappingFileLockException e) {
      throw inUse(); // Another thread of this process asks at this very moment.
    }
  }

  LocalPulsarException inUse() {
    String holder;
    try {
      holder = Files.readString(root.resolve(BrokerMain.LOCK_FILE));
    } catch (IOException e) {
      holder = "unknown";
    }
    return new LocalPulsarException(
        "The data folder %s is in use by another Pulsar (process %s). Stop that one, or choose another folder."
            .formatted(root, holder));
  }

  /**
   * The bookie refuses to write to a nearly full disk, and says so only in its log: better said
   * here.
   */
  private void checkDisk() throws IOException {
    long freeBytes = Files.getFileStore(root).getUsableSpace();
    if (freeBytes < LEAST_FREE_BYTES) {
      throw new IOException(
          "its disk has %d MiB left, and Pulsar needs %d MiB. Free some, or choose a folder on another disk"
              .formatted(freeBytes >> 20, LEAST_FREE_BYTES >> 20));
    }
  }

  /**
   * The share of the disk above which the bookie stops writing: Pulsar's own, or later where a
   * large disk has room still.
   */
  private double diskUsageThreshold() throws IOException {
    double totalBytes = Files.getFileStore(root).getTotalSpace();
    return Math.max(PULSARS_THRESHOLD, 1 - LEAST_FREE_BYTES / totalBytes);
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
