package io.sagitta.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.control.ControlConfiguration;
import io.sagitta.control.ControlMain;
import io.sagitta.identity.CertificateAuthority;
import io.sagitta.identity.Identity;
import io.sagitta.pulsar.LocalPulsar;
import io.sagitta.pulsar.LocalPulsarOptions;
import io.sagitta.service.RunningRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a control that wants to know who asks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredControlIT {
  private static final Duration DAY = Duration.ofDays(1);

  private final Path dir;
  private final Path policy;
  private final CertificateAuthority authority;
  private final LocalPulsar pulsar;
  private final RunningRole role;

  SecuredControlIT(@TempDir Path dir) throws Exception {
    this.dir = dir;
    authority = CertificateAuthority.in(dir.resolve("ca"), "test", DAY, Clock.systemUTC());
    authority.issue(
        Identity.Machine.CONTROL, List.of("localhost", "127.0.0.1"), DAY, dir.resolve("control"));
    policy = Files.createDirectories(dir.resolve("security"));
    Files.writeString(
        policy.resolve("subjects.yaml"),
        """
        apiVersion: sagitta/v1
        kind: Subjects
        people:
          grace: {name: Grace Example}
          carl: {name: Carl Example}
          olga: {name: Olga Example}
        groups:
          team: {members: [olga]}
        """);
    Files.writeString(
        policy.resolve("tenants.yaml"),
        """
        apiVersion: sagitta/v1
        kind: Tenants
        tenants:
          sky: {purpose: Flights, owner: team}
        """);
    Files.writeString(policy.resolve("grants.yaml"), grants(""));
    pulsar = LocalPulsar.start(LocalPulsarOptions.in(dir.resolve("pulsar")).withFsync(false));
    ControlConfiguration settings = new ControlConfiguration();
    settings.listen().setPort(0);
    settings.listen().setAdminPort(0);
    settings.tls().setFolder(dir.resolve("control").toString());
    settings.audit().setFolder(dir.resolve("audit").toString());
    settings.security().setPolicy(policy.toString());
    settings.security().setKeys(dir.resolve("keys.json").toString());
    settings.pulsar().setServiceUrl(pulsar.brokerUrl());
    settings.pulsar().setAdminUrl(pulsar.adminUrl().toString());
    role = new ControlMain().start(settings);
  }

  private static String grants(String more) {
    return """
        apiVersion: sagitta/v1
        kind: Grants
        grants:
          - {role: admin, of: platform, to: [grace]}
          - {role: custodian, of: sky, to: [carl]}
          - {role: operator, of: sky, to: [olga]}
        """
        + more;
  }

  @AfterAll
  void stop() {
    role.close();
    pulsar.close();
  }

  private Outcome sagittaAs(String who, String... args) {
    Path folder = dir.resolve("identity").resolve(who);
    authority.issue(new Identity.Subject(who), List.of(), DAY, folder);
    String[] all = Arrays.copyOf(args, args.length + 4);
    all[args.length] = "--control";
    all[args.length + 1] = "https://localhost:" + role.port();
    all[args.length + 2] = "--as";
    all[args.length + 3] = folder.toString();
    return Outcome.of(all);
  }

  @Test
  void status_asSomebody_isAnswered() {
    Outcome outcome = sagittaAs("olga", "status");
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCodes.OK);
  }

  @Test
  void status_asNobody_saysHowToBeSomebody() {
    Outcome untrusted = Outcome.of("status", "--control", "https://localhost:" + role.port());
    assertThat(untrusted.exitCode()).isEqualTo(ExitCodes.UNREACHABLE);
    assertThat(untrusted.err()).contains("--as");
    Outcome noFolder = Outcome.of("status", "--as", "./absent");
    assertThat(noFolder.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(noFolder.err()).contains("absent", "cert.pem");
    assertThat(sagittaAs("mallory", "status").exitCode()).isEqualTo(ExitCodes.REFUSED);
  }

  @Test
  void unmask_takesACustodian() {
    Outcome operator = sagittaAs("olga", "tap", "sky/none", "x", "--unmask");
    assertThat(operator.err()).contains("may not do this");
    Outcome masked = sagittaAs("olga", "tap", "sky/none", "x");
    assertThat(masked.err()).doesNotContain("may not do this");
    Outcome custodian = sagittaAs("carl", "quarantine", "list", "sky/none", "--unmask");
    assertThat(custodian.err()).doesNotContain("may not do this");
    assertThat(Outcome.of("audit", "list", dir.resolve("audit").toString()).out())
        .contains("unmask pipeline sky/none");
  }

  @Test
  void securityPlanAndApply_changeWhatIsInForce() throws Exception {
    Path grants = policy.resolve("grants.yaml");
    assertThat(sagittaAs("grace", "security", "plan", policy.toString()).exitCode())
        .isEqualTo(ExitCodes.OK);
    try {
      Files.writeString(grants, grants("  - {role: viewer, of: sky, to: [carl]}\n"));
      Outcome plan = sagittaAs("grace", "security", "plan", policy.toString());
      assertThat(plan.exitCode()).isEqualTo(ExitCodes.REFUSED);
      assertThat(plan.out())
          .contains("security/grants.yaml", "+ - {role: viewer, of: sky, to: [carl]}");
      assertThat(sagittaAs("olga", "security", "apply", policy.toString()).exitCode())
          .isEqualTo(ExitCodes.REFUSED);
      Outcome applied = sagittaAs("grace", "security", "apply", policy.toString());
      assertThat(applied.out()).contains("in force", "subject.grace");
      assertThat(sagittaAs("grace", "security", "plan", policy.toString()).exitCode())
          .isEqualTo(ExitCodes.OK);
    } finally {
      Files.writeString(grants, grants(""));
      assertThat(sagittaAs("grace", "security", "apply", policy.toString()).exitCode())
          .isEqualTo(ExitCodes.OK);
    }
  }
}
