package io.sagitta.torture;

import io.sagitta.house.GatewayClient;
import io.sagitta.house.HouseException;
import io.sagitta.house.HousePorts;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.OpsClient;
import io.sagitta.house.TrialPolicy;
import io.sagitta.identity.Identity.Machine;
import io.sagitta.transport.PulsarAccess;
import io.sagitta.transport.PulsarConnection;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** The processes of one run, and the pipelines on them. */
final class Arena implements AutoCloseable {
  private static final String NODE_SETTINGS = "windowMegabytes: 4\n";

  private final TortureOptions options;
  private final List<Shape> shapes;
  private final LocalHouse house;
  private final OpsClient control;
  private final Optional<Postgres> postgres;
  private final Map<String, Integer> nodes = new LinkedHashMap<>();

  /** Creates one; nothing runs yet. */
  Arena(TortureOptions options, List<Shape> shapes) {
    this.options = options;
    this.shapes = shapes;
    this.postgres =
        shapes.stream().anyMatch(Shape::usesDatabase)
            ? Optional.of(new Postgres(options.folder().resolve("postgresql")))
            : Optional.empty();
    Map<String, String> environment = new HashMap<>(options.environment());
    environment.put("SAGITTA_SECRET_BOARD_USER", "postgres");
    Path policy = TrialPolicy.write(options.folder().resolve("security"), "torture", reach());
    this.house =
        LocalHouse.locked(
            options.folder().resolve("house"), HousePorts.free(), policy, environment);
    this.control = house.ops(TrialPolicy.SERVICE);
    for (int i = 1; i <= options.nodes(); i++) {
      nodes.put("node-" + i, HousePorts.free().nodeAdmin());
    }
  }

  /** Returns what the pipelines may reach outside the platform. */
  private List<String> reach() {
    List<String> rules = new ArrayList<>();
    rules.add("type: folder, path: \"%s\", access: [write]".formatted(options.folder()));
    if (postgres.isPresent()) {
      rules.add(
          "type: postgresql, hosts: [\"127.0.0.1:%d\"], databases: [postgres], loopback: true"
              .formatted(postgres.get().port()));
    }
    return rules;
  }

  /** Starts everything and applies the pipelines. */
  void start() throws InterruptedException, SQLException {
    postgres.ifPresent(Postgres::start);
    if (tableChanges()) {
      TableChanges.create(postgresUrl());
    }
    house.startPulsar();
    house.startControl();
    house.startGateway();
    nodes.keySet().forEach(this::startNode);
    house.awaitReady();
    for (Shape shape : shapes) {
      apply(shape, 1);
    }
  }

  /** Starts node {@code name}, one of those that belong here or one that comes as a guest. */
  void startNode(String name) {
    int port = nodes.computeIfAbsent(name, guest -> HousePorts.free().nodeAdmin());
    house.startNode(name, port, NODE_SETTINGS);
  }

  /** Starts again what ended by itself, as a service manager would; returns what that was. */
  List<String> revive() throws InterruptedException {
    List<String> ended = new ArrayList<>();
    house
        .nodes()
        .forEach(
            (name, node) -> {
              if (!node.isAlive()) {
                ended.add(name);
                startNode(name);
              }
            });
    if (!house.gateway().isAlive()) {
      ended.add("gateway");
      house.startGateway();
    }
    if (!house.control().isAlive()) {
      ended.add("control");
      house.startControl();
    }
    return ended;
  }

  /** Stops a guest in order. */
  void stopGuest(String name) {
    nodes.remove(name);
    house.stopNode(name);
  }

  /**
   * Applies {@code shape}'s definition.
   *
   * @param revision a number that changes its text, and not what it means
   */
  void apply(Shape shape, int revision) throws InterruptedException, SQLException {
    Map<String, byte[]> tables = Map.of();
    if (shape.name().equals("enriched")) {
      try (BufferAllocator allocator = new RootAllocator()) {
        tables = Map.of("prices", Prices.ipc(allocator));
      }
    }
    control.apply(definition(shape, revision), tables);
  }

  /** Makes {@code shape}'s revision before this one the next one. */
  void rollback(Shape shape) throws InterruptedException {
    control.rollback(shape.pipeline());
  }

  /**
   * Tries to apply a definition of {@code shape} that what runs cannot become.
   *
   * @return why it was refused; empty if it was not
   */
  Optional<String> applyUnfit(Shape shape, int revision) throws InterruptedException {
    try {
      control.apply(Shape.unfit(definition(shape, revision)));
      return Optional.empty();
    } catch (HouseException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private String definition(Shape shape, int revision) {
    return shape.definition(
        Map.of(
            "parallelism", Integer.toString(options.parallelism()),
            "revision", Integer.toString(revision),
            "folder", options.folder().toString(),
            "postgresql", postgresUrl()));
  }

  /** Returns whether a shape has a table that changes all the time. */
  boolean tableChanges() {
    return shapes.stream().anyMatch(shape -> !shape.version().isEmpty());
  }

  LocalHouse house() {
    return house;
  }

  OpsClient control() {
    return control;
  }

  Postgres postgres() {
    return postgres.orElseThrow();
  }

  /** Returns how PostgreSQL is reached, without a user; empty if this run has none. */
  String postgresUrl() {
    return postgres.map(Postgres::url).orElse("");
  }

  List<Shape> shapes() {
    return shapes;
  }

  /** Returns the names of the nodes. */
  List<String> nodes() {
    return List.copyOf(nodes.keySet());
  }

  /** Returns where node {@code name} keeps its data. */
  Path dataOf(String name) {
    return house.data().resolve(name);
  }

  /** Returns a client of the gateway. */
  GatewayClient gateway() {
    return house.gateway(TrialPolicy.SERVICE);
  }

  /** Returns a connection to Pulsar of somebody who may see everything there. */
  PulsarConnection pulsar() {
    String url = house.pulsar().brokerUrl();
    PulsarAccess access = PulsarAccess.to(url, house.credentials(Machine.BROKER));
    return PulsarConnection.open(url, access, 64 << 20);
  }

  @Override
  public void close() {
    try {
      house.close();
    } finally {
      postgres.ifPresent(Postgres::close);
    }
  }
}
