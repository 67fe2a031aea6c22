package io.sagitta.pulsar;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Pulsar server in a child process, on loopback, with its data in one folder.
 *
 * <p>It ends with {@link #close()}, and with this process however that ends. A later start on the
 * same folder resumes with the data and the deduplication state.
 */
public final class LocalPulsar implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Process process;
  private final ServerFolder folder;
  private final int brokerPort;
  private final int httpPort;

  private LocalPulsar(Process process, ServerFolder folder, int brokerPort, int httpPort) {
    this.process = process;
    this.folder = folder;
    this.brokerPort = brokerPort;
    this.httpPort = httpPort;
  }

  /**
   * Starts the server that {@link PulsarRuntime#locate()} finds. See {@link #start(PulsarRuntime,
   * LocalPulsarOptions)}.
   */
  public static LocalPulsar start(LocalPulsarOptions options) {
    return start(PulsarRuntime.locate(), options);
  }

  /**
   * Starts a server and waits until it answers: its admin API, and a message through its own health
   * topic. Blocks the calling thread for some seconds; interruption stops the server and is
   * reported as a failure.
   *
   * @throws LocalPulsarException if a port is taken, the data folder is in use, the process dies
   *     (with its last log lines) or does not answer within {@link
   *     LocalPulsarOptions#startTimeout()}; nothing is left running then
   */
  public static LocalPulsar start(PulsarRuntime runtime, LocalPulsarOptions options) {
    int brokerPort = portFor("brokerPort", options.brokerPort());
    int httpPort = portFor("httpPort", options.httpPort());
    ServerFolder folder = new ServerFolder(options.dataDir());
    LocalPulsar pulsar;
    try {
      folder.prepare(options, brokerPort, httpPort);
      Process process =
          new ProcessBuilder(commandLine(runtime, options, folder))
              .directory(folder.root().toFile())
              .redirectInput(ProcessBuilder.Redirect.from(ServerFolder.NOTHING))
              .redirectErrorStream(true)
              .redirectOutput(folder.console().toFile())
              .start();
      pulsar = new LocalPulsar(process, folder, brokerPort, httpPort);
    } catch (IOException e) {
      throw new LocalPulsarException(
          "Cannot start Pulsar in %s: %s".formatted(folder.root(), e.getMessage()), e);
    }
    try {
      pulsar.awaitReady(options.startTimeout());
    } catch (RuntimeException | Error e) {
      pulsar.kill();
      throw e;
    }
    return pulsar;
  }

  /** The address for Pulsar clients, {@code pulsar://127.0.0.1:…}. */
  public String brokerUrl() {
    return "pulsar://127.0.0.1:" + brokerPort;
  }

  /** The address of the admin API, {@code http://127.0.0.1:…}. */
  public URI adminUrl() {
    return URI.create("http://127.0.0.1:" + httpPort);
  }

  /** The server's process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether the server's process lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The server's log file. */
  public Path log() {
    return folder.log();
  }

  /**
   * Ends the server at once, as {@code kill -9} does, and waits until it is gone. For tests of what
   * survives.
   */
  public void kill() {
    process.destroyForcibly();
    awaitExit(GRACE);
  }

  /** Stops the server as SIGTERM does; kills it if it has not ended within 20 s. */
  @Override
  public void close() {
    process.destroy();
    if (!awaitExit(GRACE)) {
      kill();
    }
  }

  private void awaitReady(Duration timeout) {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    Readiness readiness = new Readiness(adminUrl());
    while (!readiness.answers()) {
      if (awaitExit(POLL)) {
        throw died();
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new LocalPulsarException(
            "Pulsar did not answer at %s within %d s. Its last lines:\n%s"
                .formatted(adminUrl(), timeout.toSeconds(), folder.lastLines()));
      }
    }
  }

  private LocalPulsarException died() {
    if (process.exitValue() == BrokerMain.DATA_IN_USE) {
      return new LocalPulsarException(
          "The data folder %s is in use by another Pulsar (process %s). Stop that one, or choose another folder."
              .formatted(folder.root(), folder.lockHolder()));
    }
    return new LocalPulsarException(
        "Pulsar ended with code %d while starting in %s. Its last lines:\n%s"
            .formatted(process.exitValue(), folder.root(), folder.lastLines()));
  }

  private boolean awaitExit(Duration timeout) {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LocalPulsarException("Interrupted while waiting for Pulsar; it was stopped", e);
    }
  }

  private static List<String> commandLine(
      PulsarRuntime runtime, LocalPulsarOptions options, ServerFolder folder) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + options.heapMebibytes() + "m",
            "-XX:MaxDirectMemorySize=" + options.heapMebibytes() + "m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.net.preferIPv4Stack=true",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-Dlog4j2.configurationFile=" + folder.logConfiguration(),
            "-Dsagitta.pulsar.log=" + folder.log(),
            "-Djava.io.tmpdir=" + folder.temp()));
    for (String opened :
        List.of(
            "java.base/sun.net",
            "java.base/java.nio",
            "java.base/jdk.internal.misc",
            "java.base/jdk.internal.platform",
            "java.management/sun.management",
            "jdk.management/com.sun.management.internal")) {
      command.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-cp");
    command.add(PulsarRuntime.ownCode() + java.io.File.pathSeparator + runtime.lib().resolve("*"));
    command.add(BrokerMain.class.getName());
    command.add(Long.toString(ProcessHandle.current().pid()));
    command.add(folder.root().toString());
    command.addAll(folder.starterArguments());
    return command;
  }

  private static int portFor(String option, int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new LocalPulsarException(
          "Port %d is taken, or not ours to take (%s). Free it, or choose another %s (0 takes a free one)."
              .formatted(wanted, e.getMessage(), option),
          e);
    }
  }
}
