package io.sagitta.house;

import io.sagitta.identity.Identity.Machine;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A whole platform on this machine, each part a process of its own, all on loopback: Pulsar,
 * control, gateway and nodes. All end with it, even if this process is killed.
 */
public final class LocalHouse implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path data;
  private final HousePorts ports;
  private final Optional<HouseLock> lock;
  private final Map<String, String> environment;
  private final Map<String, Map<String, String>> environments = new ConcurrentHashMap<>();
  private final Map<String, RoleProcess> nodes = new ConcurrentSkipListMap<>();
  private volatile Optional<LocalPulsar> pulsar = Optional.empty();
  private volatile Optional<RoleProcess> control = Optional.empty();
  private volatile Optional<RoleProcess> gateway = Optional.empty();

  private LocalHouse(
      Path data, HousePorts ports, Optional<HouseLock> lock, Map<String, String> environment) {
    this.data = data;
    this.ports = ports;
    this.lock = lock;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Creates a locked one: TLS everywhere, and nobody may do what its policy does not say. Nothing
   * runs yet.
   *
   * @param data where everything is kept; a later house on it goes on with its state
   * @param policy the folder of the policy that is in force if none was applied before; whomever it
   *     names gets credentials, see {@link #credentials(String)}
   * @param environment variables of the roles, such as secrets
   * @throws HouseException if the policy has errors
   */
  public static LocalHouse locked(
      Path data, HousePorts ports, Path policy, Map<String, String> environment) {
    Path folder = data.toAbsolutePath();
    return new LocalHouse(folder, ports, Optional.of(HouseLock.in(folder, policy)), environment);
  }

  /** Creates one where whoever reaches its ports on loopback may do everything. */
  public static LocalHouse open(Path data, HousePorts ports, Map<String, String> environment) {
    return new LocalHouse(data.toAbsolutePath(), ports, Optional.empty(), environment);
  }

  /**
   * Gives one role variables of its own, at each start from now on.
   *
   * @param name {@code control}, {@code gateway}, or a node's name
   */
  public void setEnvironment(String name, Map<String, String> variables) {
    environments.put(name, Map.copyOf(variables));
  }

  /** Starts Pulsar and waits until it serves. */
  public void startPulsar() {
    LocalPulsarOptions options =
        LocalPulsarOptions.in(data.resolve("pulsar")).withPorts(ports.pulsar(), ports.pulsarHttp());
    pulsar =
        Optional.of(
            LocalPulsar.start(
                lock.map(HouseLock::pulsar).map(options::withSecurity).orElse(options)));
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
            Machine.CONTROL,
            "io.sagitta.control.ControlMain",
            ports.control(),
            ports.controlAdmin(),
            "data: \"%s\"%n%s".formatted(data.resolve("control"), settings));
    control = Optional.of(role);
    role.awaitReady(PATIENCE);
  }

  /** Starts the gateway; {@link #awaitReady} waits for it. */
  public void startGateway() {
    gateway =
        Optional.of(
            role(
                "gateway",
                Machine.GATEWAY,
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
    nodes.put(name, role(name, Machine.NODE, "io.sagitta.node.NodeMain", -1, adminPort, more));
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
      String name, Machine role, String mainClass, int port, int adminPort, String configuration) {
    String listen =
        port < 0
            ? "listen: {adminPort: %d}".formatted(adminPort)
            : "listen: {port: %d, adminPort: %d}".formatted(port, adminPort);
    String pulsarAt =
        "pulsar: {serviceUrl: \"%s\", adminUrl: \"%s\"}"
            .formatted(pulsar().brokerUrl(), pulsar().adminUrl());
    Map<String, String> variables = new HashMap<>(environment);
    variables.putAll(environments.getOrDefault(name, Map.of()));
    String protection =
        lock.map(locked -> locked.settings(role, ports.control()))
            .orElse("unprotected: on-loopback\n");
    return RoleProcess.start(
        name,
        mainClass,
        data.resolve("roles"),
        role == Machine.NODE ? 1024 : 512,
        adminPort,
        lock.map(locked -> HouseLock.access(locked.credentials(role))).orElse(HouseAccess.OPEN),
        listen + "\n" + pulsarAt + "\n" + protection + configuration,
        variables);
  }

  /**
   * Returns the folder that proves one is {@code subject}.
   *
   * @throws HouseException if the policy names no such person or service, or nothing is locked
   */
  public Path credentials(String subject) {
    return lock.map(locked -> locked.credentials(subject))
        .filter(Files::isDirectory)
        .orElseThrow(() -> new HouseException("There are no credentials of " + subject));
  }

  /** Returns the folder that proves to Pulsar that one is {@code machine}; empty in an open one. */
  public Optional<Path> credentials(Machine machine) {
    return lock.map(locked -> locked.credentials(machine));
  }

  /** Returns how {@code machine} speaks to the others. */
  public HouseAccess access(Machine machine) {
    return credentials(machine).map(HouseLock::access).orElse(HouseAccess.OPEN);
  }

  /** Returns how {@code subject} speaks to it; in an open one, as everybody does. */
  public HouseAccess access(String subject) {
    return lock.isPresent() ? HouseLock.access(credentials(subject)) : HouseAccess.OPEN;
  }

  /** Returns a client of control for {@code subject}. */
  public OpsClient ops(String subject) {
    return new OpsClient(access(subject), ports.control());
  }

  /** Returns a client of the gateway for {@code subject}. */
  public GatewayClient gateway(String subject) {
    return new GatewayClient(access(subject), ports.gateway());
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
