package io.sagitta.acceptance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The rooms and the one direction through them: what ARCHITECTURE.md states as absences. */
@AnalyzeClasses(packages = "io.sagitta", importOptions = ImportOption.DoNotIncludeTests.class)
final class RoomsTest {
  /** From the first to the last: a room may use rooms before it, never behind. */
  private static final List<String> ORDER =
      List.of(
          "definition",
          "policy",
          "identity",
          "pulsar",
          "engine",
          "transport",
          "connectors",
          "service",
          "node",
          "gateway",
          "control",
          "house",
          "torture",
          "cli",
          "bench");

  /** Rooms that know each other only through topics and the ops API. */
  private static final Set<String> ROLES = Set.of("node", "gateway", "control");

  @ArchTest
  static final ArchRule rooms_useOnlyRoomsBeforeThem =
      classes()
          .that(DescribedPredicate.describe("are in a room", c -> room(c) >= 0))
          .should(
              new ArchCondition<>("use only rooms before theirs") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  for (var dependency : item.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass();
                    boolean backward = room(target) > room(item);
                    boolean betweenRoles =
                        room(target) != room(item)
                            && ROLES.contains(name(item))
                            && ROLES.contains(name(target));
                    if (backward || betweenRoles) {
                      events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
                    }
                  }
                }
              });

  @ArchTest
  static final ArchRule onlyTransport_knowsPulsarsClient =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sagitta.transport..")
          .and(
              DescribedPredicate.not(
                  DescribedPredicate.describe("run in the server", RoomsTest::runsInServer)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.pulsar..");

  @ArchTest
  static final ArchRule whatRunsInTheServer_knowsNoClient =
      noClasses()
          .that(DescribedPredicate.describe("run in the server", RoomsTest::runsInServer))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.pulsar.client..", "io.sagitta.identity..");

  @ArchTest
  static final ArchRule definition_knowsNoArrowNoSqlNoNetwork =
      noClasses()
          .that()
          .resideInAPackage("io.sagitta.definition..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.arrow..", "java.sql..", "org.duckdb..", "java.net..");

  @ArchTest
  static final ArchRule policy_knowsNoNetworkNoDisk =
      noClasses()
          .that()
          .resideInAPackage("io.sagitta.policy..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.arrow..", "java.sql..", "java.net..", "java.nio.file..", "jakarta..");

  @ArchTest
  static final ArchRule identity_knowsNoPolicyNoHttp =
      noClasses()
          .that()
          .resideInAPackage("io.sagitta.identity..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.sagitta.policy..", "java.net.http..", "jakarta..", "org.apache.arrow..");

  @ArchTest
  static final ArchRule engine_knowsNoHttp =
      noClasses()
          .that()
          .resideInAPackage("io.sagitta.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "jakarta..", "io.dropwizard..");

  @ArchTest
  static final ArchRule definitionPolicyAndEngine_readNoClock =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.sagitta.definition..", "io.sagitta.policy..", "io.sagitta.engine..")
          .should()
          .accessTargetWhere(DescribedPredicate.describe("reads a clock", RoomsTest::readsClock));

  @ArchTest
  static final ArchRule connectors_knowNoTransport =
      noClasses()
          .that()
          .resideInAPackage("io.sagitta.connectors..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sagitta.transport..");

  @ArchTest
  static final ArchRule connectors_knowNoOtherConnector =
      SlicesRuleDefinition.slices()
          .matching("io.sagitta.connectors.(*)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule onlyMetrics_knowsPrometheus =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sagitta.service..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.prometheus..");

  private static boolean readsClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String called = access.getTarget().getName();
    return (owner.equals(System.class.getName())
            && (called.equals("currentTimeMillis") || called.equals("nanoTime")))
        || (owner.equals(Instant.class.getName()) && called.equals("now"))
        || owner.equals(Clock.class.getName());
  }

  private static int room(JavaClass type) {
    return ORDER.indexOf(name(type));
  }

  private static String name(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.");
    return parts.length > 2 && parts[0].equals("io") && parts[1].equals("sagitta") ? parts[2] : "";
  }

  /** Whether it is part of the judge of tokens, which the broker loads. */
  private static boolean runsInServer(JavaClass item) {
    return item.getName()
        .matches("io\\.sagitta\\.pulsar\\.(PlatformTokens|TokenJudge|TokenState)(\\$.*)?");
  }
}
