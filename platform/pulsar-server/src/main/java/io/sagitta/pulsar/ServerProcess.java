package io.sagitta.pulsar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The child process of one server: its command line, and the two ways it ends.
 *
 * @param process the child; its standard input is held open for as long as it shall live
 * @param archive the class archive that this process will leave behind when it stops in order, if
 *     it writes one
 */
record ServerProcess(Process process, Optional<ArchiveDraft> archive) {
  /** Above the child's own bound on its shutdown, plus the writing of the class archive. */
  private static final Duration GRACE = Duration.ofSeconds(90);

  private static final List<String> OPENED =
      List.of(
          "java.base/java.nio",
          "java.base/jdk.internal.misc",
          "java.base/jdk.internal.platform",
          "java.base/sun.net",
          "java.management/sun.management",
          "jdk.management/com.sun.management.internal");

  static ServerProcess start(PulsarRuntime runtime, LocalPulsarOptions options, ServerFolder folder)
      throws IOException {
    ServerClassPath classPath = ServerClassPath.of(runtime, folder.temp());
    Path archive = classPath.archive();
    Optional<ArchiveDraft> draft =
        Files.exists(archive) ? Optional.empty() : ArchiveDraft.beside(archive);

    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags(options, folder));
    command.add("-Xlog:cds*=off");
    command.add(
        draft
            .map(written -> "-XX:ArchiveClassesAtExit=" + written.file())
            .orElse("-XX:SharedArchiveFile=" + archive));
    command.addAll(List.of("-cp", classPath.value(), BrokerMain.class.getName()));
    command.add(folder.root().toString());
    command.addAll(folder.starterArguments(folder.bookiePort()));

    Process process =
        new ProcessBuilder(command)
            .directory(folder.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.console().toFile())
            .start();
    return new ServerProcess(process, draft);
  }

  /** Waits for the process to end, for so long; returns whether it has. */
  boolean awaitEnd(Duration timeout) {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LocalPulsarException("Interrupted while waiting for Pulsar; it was stopped", e);
    }
  }

  /** Ends the process at once. */
  void kill() throws IOException {
    process.destroyForcibly();
    awaitEnd(GRACE);
    if (archive.isPresent()) {
      archive.get().discard();
    }
  }

  /** Lets the process stop in order, and kills it if that takes longer than {@code GRACE}. */
  void stop() throws IOException {
    process.getOutputStream().close();
    if (!awaitEnd(GRACE) || process.exitValue() != 0) {
      kill();
    } else if (archive.isPresent()) {
      archive.get().publish();
    }
  }

  /**
   * The serial collector, because the bookie's large buffers live on the heap and would be
   * humongous objects to G1.
   */
  private static List<String> jvmFlags(LocalPulsarOptions options, ServerFolder folder) {
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx" + options.heapMebibytes() + "m");
    flags.add("-XX:MaxDirectMemorySize=" + options.heapMebibytes() + "m");
    flags.add("-XX:+UseSerialGC");
    flags.add("-XX:+ExitOnOutOfMemoryError");
    flags.add("-Dio.netty.tryReflectionSetAccessible=true");
    flags.add("-Dlog4j2.configurationFile=" + folder.logConfiguration().toUri());
    flags.add("-Dsagitta.pulsar.log=" + folder.log());
    flags.add("-Djava.io.tmpdir=" + folder.temp());
    OPENED.forEach(opened -> flags.add("--add-opens=" + opened + "=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      flags.add("--enable-native-access=ALL-UNNAMED");
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    return flags;
  }
}
