package io.sagitta.house;

import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A whole platform on this machine, each part a process of its own, all on loopback: Pulsar,
 * control, gateway and nodes. All end with it, even if this process is killed.
 */
public final class LocalHouse implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path data;
  private final HousePorts ports;
  private final Map<String, String> environment;
  private final Map<String, RoleProcess> nodes = new ConcurrentSkipListMap<>();
  private volatile Optional<LocalPulsar> pulsar = Optional.empty();
  private volatile Optional<RoleProcess> control = Optional.empty();
  private volatile Optional<RoleProcess> gateway = Optional.empty();

  /**
   * Creates one; nothing runs yet.
   *
   * @param data where everything is kept; a later house on it goes on with its state
   * @param environment variables of the roles, such as secrets
   */
  public LocalHouse(Path data, HousePorts ports, Map<String, String> environment) {
    this.data = data.toAbsolutePath();
    this.ports = ports;
    this.environment = Map.copyOf(environment);
  }

  /** Starts Pulsar and waits until it serves. */
  public void startPulsar() {
    pulsar =
        Optional.of(
            LocalPulsar.start(
                LocalPulsarOptions.in(data.resolve("pulsar"))
                    .withPorts(ports.pulsar(), ports.pulsarHttp())));
  }

  /** Starts control and waits until it serves. */
  public void startControl() throws InterruptedException {
    startControl("");
  }

  /**
   * Starts control and waits until it serves.
   *
   * @param settings more lines of its YAML file
   */
  public void startControl(String settings) throws InterruptedException {
    RoleProcess role =
        role(
            "control",
            "io.sagitta.control.ControlMain",
            ports.control(),
            ports.controlAdmin(),
            settings);
    control = Optional.of(role);
    role.awaitReady(PATIENCE);
  }

  /** Starts the gateway; {@link #awaitReady} waits for it. */
  public void startGateway() {
    gateway =
        Optional.of(
            role(
                "gateway",
                "io.sagitta.gateway.GatewayMain",
                ports.gateway(),
                ports.gatewayAdmin(),
                ""));
  }

  /** Starts the first node; {@link #awaitReady} waits for it. */
  public void startNode() {
    startNode("node-1", ports.nodeAdmin());
  }

  /** Starts a node under {@code name}, which it keeps over restarts. */
  public void startNode(String name, int adminPort) {
    startNode(name, adminPort, "");
  }

  /**
   * Starts a node under {@code name}, which it keeps over restarts.
   *
   * @param settings more lines of its YAML file
   */
  public void startNode(String name, int adminPort, String settings) {
    String more = "name: %s%ndata: \"%s\"%n%s".formatted(name, data.resolve(name), settings);
    nodes.put(name, role(name, "io.sagitta.node.NodeMain", -1, adminPort, more));
  }

  /** Asks node {@code name} to end, waits until it has, and forgets it. */
  public void stopNode(String name) {
    node(name).close();
    nodes.remove(name);
  }

  /** Waits until all that was started is healthy. */
  public void awaitReady() throws InterruptedException {
    if (gateway.isPresent()) {
      gateway.get().awaitReady(PATIENCE);
    }
    for (RoleProcess node : nodes.values()) {
      node.awaitReady(PATIENCE);
    }
  }

  private RoleProcess role(
      String name, String mainClass, int port, int adminPort, String configuration) {
    String listen =
        port < 0
            ? "listen: {adminPort: %d}".formatted(adminPort)
            : "listen: {port: %d, adminPort: %d}".formatted(port, adminPort);
    String pulsarAt =
        "pulsar: {serviceUrl: \"pulsar://127.0.0.1:%d\", adminUrl: \"http://127.0.0.1:%d\"}"
            .formatted(ports.pulsar(), ports.pulsarHttp());
    return RoleProcess.start(
        name,
        mainClass,
        data.resolve("roles"),
        name.equals("control") || name.equals("gateway") ? 512 : 1024,
        adminPort,
        listen + "\n" + pulsarAt + "\nunprotected: on-loopback\n" + configuration,
        environment);
  }

  /** Returns the ports. */
  public HousePorts ports() {
    return ports;
  }

  /** Returns where everything is kept. */
  public Path data() {
    return data;
  }

  /** Returns the broker. */
  public LocalPulsar pulsar() {
    return pulsar.orElseThrow();
  }

  /** Returns control. */
  public RoleProcess control() {
    return control.orElseThrow();
  }

  /** Returns the gateway. */
  public RoleProcess gateway() {
    return gateway.orElseThrow();
  }

  /** Returns node {@code name}. */
  public RoleProcess node(String name) {
    RoleProcess node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("No node is called " + name);
    }
    return node;
  }

  /** Returns the nodes that were started and not stopped, by name. */
  public Map<String, RoleProcess> nodes() {
    return Map.copyOf(nodes);
  }

  /** Ends everything: what feeds first, Pulsar last. */
  @Override
  public void close() {
    gateway.ifPresent(RoleProcess::stop);
    nodes.values().forEach(RoleProcess::stop);
    gateway.ifPresent(RoleProcess::close);
    nodes.values().forEach(RoleProcess::close);
    control.ifPresent(RoleProcess::close);
    pulsar.ifPresent(LocalPulsar::close);
  }
}
