package io.sagitta.torture;

import io.sagitta.house.HousePorts;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.OpsClient;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
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
        shapes.stream().anyMatch(shape -> shape.uses(Shape.Place.TABLE))
            ? Optional.of(new Postgres(options.folder().resolve("postgresql")))
            : Optional.empty();
    Map<String, String> environment = new HashMap<>(options.environment());
    environment.put("SAGITTA_SECRET_BOARD_USER", "postgres");
    this.house = new LocalHouse(options.folder().resolve("house"), HousePorts.free(), environment);
    this.control = new OpsClient(house.ports().control());
    for (int i = 1; i <= options.nodes(); i++) {
      nodes.put("node-" + i, HousePorts.free().nodeAdmin());
    }
  }

  /** Starts everything and applies the pipelines. */
  void start() throws InterruptedException, SQLException {
    postgres.ifPresent(Postgres::start);
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
    Map<String, String> values =
        Map.of(
            "parallelism", Integer.toString(options.parallelism()),
            "revision", Integer.toString(revision),
            "folder", options.folder().toString(),
            "postgresql", postgres.map(Postgres::url).orElse(""));
    control.apply(shape.definition(values), tables);
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

  /** Returns how the gateway is reached. */
  URI gateway() {
    return URI.create("http://127.0.0.1:" + house.ports().gateway());
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
