package io.sagitta.pulsar;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a local Pulsar is started with; each part has a default but the folder, so they stand in one
 * record.
 *
 * @param dataDir everything the server writes; created if absent, resumed if present; one live
 *     server at a time
 * @param brokerPort the port of the binary protocol on loopback; 0 takes a free one
 * @param httpPort the port of the admin API on loopback; 0 takes a free one
 * @param heapMebibytes the server's largest heap; its direct memory has the same bound
 * @param fsync whether a publish is answered only once it is on disk; off, a crash of the machine
 *     (not of the process) may lose what was acknowledged
 * @param startTimeout how long a start may take before it is given up
 * @param security how it is locked; empty for a server that lets everybody on this machine in
 * @param settings keys of Pulsar's {@code standalone.conf} that win over ours
 */
public record LocalPulsarOptions(
    Path dataDir,
    int brokerPort,
    int httpPort,
    int heapMebibytes,
    boolean fsync,
    Duration startTimeout,
    Optional<LocalPulsarSecurity> security,
    Map<String, String> settings) {

  /** Pulsar's own usual port for the binary protocol. */
  public static final int DEFAULT_BROKER_PORT = 6650;

  /** Pulsar's own usual port for the admin API. */
  public static final int DEFAULT_HTTP_PORT = 8080;

  public LocalPulsarOptions {
    dataDir = dataDir.toAbsolutePath().normalize();
    settings = Map.copyOf(settings);
    checkPort("brokerPort", brokerPort);
    checkPort("httpPort", httpPort);
    if (brokerPort == httpPort && brokerPort != 0) {
      throw new IllegalArgumentException(
          "brokerPort and httpPort are both %d; they must differ".formatted(brokerPort));
    }
    if (heapMebibytes < 256) {
      throw new IllegalArgumentException(
          "heapMebibytes is %d; Pulsar needs at least 256".formatted(heapMebibytes));
    }
  }

  /** Free ports, 512 MiB of heap, fsync on, two minutes to start. */
  public static LocalPulsarOptions in(Path dataDir) {
    return new LocalPulsarOptions(
        dataDir, 0, 0, 512, true, Duration.ofMinutes(2), Optional.empty(), Map.of());
  }

  /** The same on other ports; 0 takes a free one. */
  public LocalPulsarOptions withPorts(int newBrokerPort, int newHttpPort) {
    return new LocalPulsarOptions(
        dataDir,
        newBrokerPort,
        newHttpPort,
        heapMebibytes,
        fsync,
        startTimeout,
        security,
        settings);
  }

  /** The same with another bound on heap and on direct memory. */
  public LocalPulsarOptions withHeapMebibytes(int newHeapMebibytes) {
    return new LocalPulsarOptions(
        dataDir, brokerPort, httpPort, newHeapMebibytes, fsync, startTimeout, security, settings);
  }

  /** The same with fsync on or off. */
  public LocalPulsarOptions withFsync(boolean newFsync) {
    return new LocalPulsarOptions(
        dataDir, brokerPort, httpPort, heapMebibytes, newFsync, startTimeout, security, settings);
  }

  /** The same with another patience. */
  public LocalPulsarOptions withStartTimeout(Duration newStartTimeout) {
    return new LocalPulsarOptions(
        dataDir, brokerPort, httpPort, heapMebibytes, fsync, newStartTimeout, security, settings);
  }

  /** The same, locked. */
  public LocalPulsarOptions withSecurity(LocalPulsarSecurity newSecurity) {
    return new LocalPulsarOptions(
        dataDir,
        brokerPort,
        httpPort,
        heapMebibytes,
        fsync,
        startTimeout,
        Optional.of(newSecurity),
        settings);
  }

  /** The same with one more key of {@code standalone.conf} set. */
  public LocalPulsarOptions withSetting(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new LocalPulsarOptions(
        dataDir, brokerPort, httpPort, heapMebibytes, fsync, startTimeout, security, more);
  }

  private static void checkPort(String name, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "%s is %d; it must be within 0 and 65535".formatted(name, port));
    }
  }
}
