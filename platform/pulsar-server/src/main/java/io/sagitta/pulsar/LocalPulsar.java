package io.sagitta.pulsar;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A real Pulsar server in a child process, on loopback, with its data in one folder.
 *
 * <p>It ends with {@link #close()}, and with this process however that ends. A later start on the
 * same folder resumes with the data and the deduplication state.
 */
public final class LocalPulsar implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final ServerProcess server;
  private final ServerFolder folder;
  private final Optional<LocalPulsarSecurity> security;
  private final int brokerPort;
  private final int httpPort;

  private LocalPulsar(
      ServerProcess server,
      ServerFolder folder,
      Optional<LocalPulsarSecurity> security,
      int brokerPort,
      int httpPort) {
    this.server = server;
    this.folder = folder;
    this.security = security;
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
   * topic. Blocks the calling thread for some seconds; an interruption stops the server and is
   * reported as a failure.
   *
   * @throws LocalPulsarException if a port is taken, the disk is nearly full, the data folder is in
   *     use, the process dies (with its last log lines) or does not answer within {@link
   *     LocalPulsarOptions#startTimeout()}; nothing is left running then
   */
  public static LocalPulsar start(PulsarRuntime runtime, LocalPulsarOptions options) {
    int brokerPort =
        Ports.take(options.brokerPort(), "choose another brokerPort (0 takes a free one)");
    int httpPort = Ports.take(options.httpPort(), "choose another httpPort (0 takes a free one)");
    ServerFolder folder = new ServerFolder(options.dataDir());
    LocalPulsar pulsar;
    try {
      folder.checkFree();
      folder.prepare(options, brokerPort, httpPort);
      ServerProcess server = ServerProcess.start(runtime, options, folder);
      pulsar = new LocalPulsar(server, folder, options.security(), brokerPort, httpPort);
    } catch (IOException e) {
      throw new LocalPulsarException(
          "Cannot start Pulsar in %s: %s".formatted(folder.root(), e), e);
    }
    try {
      pulsar.awaitReady(options.startTimeout());
    } catch (RuntimeException | Error e) {
      pulsar.kill();
      throw e;
    }
    return pulsar;
  }

  /**
   * The address for Pulsar clients, {@code pulsar://127.0.0.1:…}, or {@code pulsar+ssl://…} of a
   * locked server.
   */
  public String brokerUrl() {
    return (security.isPresent() ? "pulsar+ssl" : "pulsar") + "://127.0.0.1:" + brokerPort;
  }

  /** The address of the admin API, {@code http://127.0.0.1:…}, or {@code https} of a locked one. */
  public URI adminUrl() {
    return URI.create((security.isPresent() ? "https" : "http") + "://127.0.0.1:" + httpPort);
  }

  /** The server's process id. */
  public long pid() {
    return server.process().pid();
  }

  /** Whether the server's process lives. */
  public boolean isAlive() {
    return server.process().isAlive();
  }

  /**
   * Waits until the server's process ends, whoever ended it.
   *
   * @return its exit code
   */
  public int awaitEnd() {
    return server.process().onExit().join().exitValue();
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
    try {
      server.kill();
    } catch (IOException e) {
      throw new LocalPulsarException("Killed Pulsar, but could not clear up after it: " + e, e);
    }
  }

  /**
   * Stops the server in order, broker before bookie; kills it if that takes too long. The first
   * stop after a build takes some seconds more, because it writes the class archive that makes
   * later starts fast.
   */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (IOException e) {
      kill();
      throw new LocalPulsarException(
          "Cannot stop Pulsar in %s in order: %s".formatted(folder.root(), e), e);
    }
  }

  private void awaitReady(Duration timeout) {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    Readiness readiness = Readiness.of(adminUrl(), security);
    Optional<String> lacking = readiness.lacking();
    while (lacking.isPresent()) {
      if (server.awaitEnd(POLL)) {
        throw ended();
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new LocalPulsarException(
            "Pulsar was not ready within %d s: %s. Its last lines:\n%s"
                .formatted(timeout.toSeconds(), lacking.get(), folder.lastLines()));
      }
      lacking = readiness.lacking();
    }
  }

  private LocalPulsarException ended() {
    int code = server.process().exitValue();
    if (code == BrokerMain.DATA_IN_USE) {
      return folder.inUse();
    }
    return new LocalPulsarException(
        "Pulsar ended with code %d while starting in %s. Its last lines:\n%s"
            .formatted(code, folder.root(), folder.lastLines()));
  }
}
