package io.sagitta.acceptance.attack;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Attacks on a locked platform of processes: at its doors, past them, on the wire, and from within.
 * After each, all processes live and who may work still can.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttackedHouseTest {
  /** Its logs stay there for whoever wants to know what came of an attack. */
  private static final Path DATA = Path.of("target", "attacked").toAbsolutePath();

  private final AttackedHouse house;

  AttackedHouseTest() throws Exception {
    house = new AttackedHouse(DATA);
  }

  @AfterAll
  void stop() throws Exception {
    house.close();
  }

  @TestFactory
  Stream<DynamicContainer> attacks() {
    return Stream.of(
            new PulsarAttacks(house),
            new ProofAttacks(house),
            new DoorAttacks(house),
            new LoginAttacks(house),
            new BodyAttacks(house),
            new DefinitionAttacks(house),
            new LeakAttacks(house),
            new QuotaAttacks(house))
        .map(this::container);
  }

  private DynamicContainer container(Attack.Group group) {
    return DynamicContainer.dynamicContainer(
        group.getClass().getSimpleName(), group.attacks().stream().map(this::test));
  }

  private DynamicTest test(Attack attack) {
    return DynamicTest.dynamicTest(
        attack.what(),
        () -> {
          attack.doing().execute();
          house.goesOn();
        });
  }
}
