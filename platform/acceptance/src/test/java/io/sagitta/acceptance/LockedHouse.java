package io.sagitta.acceptance;

import io.sagitta.house.HousePorts;
import io.sagitta.house.LocalHouse;
import io.sagitta.house.TrialPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A locked platform of processes, whose policy lets the tests' tenant do what its tests do. */
final class LockedHouse {
  private static final String TENANT = "acceptance";
  private static final String LAKE = "type: folder, path: lake, access: [write]";

  private LockedHouse() {}

  /** Returns one in {@code data} that does not run yet. */
  static LocalHouse in(Path data) {
    return in(data, List.of());
  }

  /** Returns one in {@code data}, with a database at {@code postgresPort}; it does not run yet. */
  static LocalHouse in(Path data, int postgresPort) {
    return in(
        data,
        List.of(
            "type: postgresql, hosts: [\"127.0.0.1:%d\"], databases: [postgres], loopback: true"
                .formatted(postgresPort)));
  }

  private static LocalHouse in(Path data, List<String> connectors) {
    List<String> reach = new ArrayList<>(connectors);
    reach.add(LAKE);
    return LocalHouse.locked(
        data,
        HousePorts.free(),
        TrialPolicy.write(data.resolve("security"), TENANT, reach),
        Map.of("SAGITTA_SECRET_BOARD_USER", "postgres"));
  }

  /** Returns one that runs, with one node. */
  static LocalHouse started(Path data) throws InterruptedException {
    return started(in(data));
  }

  /** Returns one that runs, with one node and a database at {@code postgresPort}. */
  static LocalHouse started(Path data, int postgresPort) throws InterruptedException {
    return started(in(data, postgresPort));
  }

  private static LocalHouse started(LocalHouse house) throws InterruptedException {
    try {
      house.startPulsar();
      house.startControl();
      house.startGateway();
      house.startNode();
      house.awaitReady();
      return house;
    } catch (RuntimeException | InterruptedException e) {
      house.close();
      throw e;
    }
  }
}
