package io.sagitta.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.policy.Action.OnPipeline;
import io.sagitta.policy.Action.OnStream;
import io.sagitta.policy.Decision.Allowed;
import io.sagitta.policy.Decision.Denied;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Resource.Pipeline PIPELINE = new Resource.Pipeline("t", "p");
  private static final Resource.Stream STREAM = new Resource.Stream(PIPELINE, "s");
  private static final Subject ADA = new Subject.Person("ada");

  @Test
  void may_allowed_saysTheRuleAndTheGroupsThatLeadThere() {
    Policy policy =
        Policies.granting(
            "{role: viewer, of: t/p, to: [ada]}",
            "{role: operator, of: t, to: [outer, dashboard]}");

    Allowed viaGroup = (Allowed) policy.may(ADA, OnPipeline.PAUSE, PIPELINE);
    assertThat(viaGroup.rule())
        .isEqualTo(new Rule("2.yaml", 5, "operator of t to outer, dashboard"));
    assertThat(viaGroup.reasons().get(0).through()).containsExactly("inner", "outer");

    Allowed twice = (Allowed) policy.may(ADA, OnPipeline.VIEW, PIPELINE);
    assertThat(twice.reasons())
        .extracting(r -> r.rule().place())
        .containsExactly("2.yaml:4", "2.yaml:5");
  }

  @Test
  void may_denied_saysWhoWhatAndWhere() {
    Policy policy = Policies.granting("{role: viewer, of: t/p, to: [ada]}");

    assertThat(policy.may(ADA, OnPipeline.DELETE, PIPELINE))
        .isEqualTo(new Denied("no rule lets person ada delete t/p"));
    assertThat(policy.may(new Subject.Person("eve"), OnPipeline.VIEW, PIPELINE))
        .isEqualTo(new Denied("there is no person eve"));
    assertThat(policy.may(ADA, OnPipeline.VIEW, STREAM).allowed()).isFalse();
  }

  @Test
  void whoCan_showsPeopleServicesAndPipelinesWithTheirRules() {
    Policy policy =
        Policies.granting(
            "{role: reader, of: t/p/s, to: [dashboard, outer, u/other]}",
            "{role: reader, of: t/p/other, to: [alone]}");

    assertThat(policy.whoCan(OnStream.READ, STREAM).keySet())
        .extracting(Subject::toString)
        .containsExactly("person ada", "service dashboard", "service feed", "pipeline u/other");
    assertThat(policy.whoCan(OnStream.READ, STREAM).values())
        .allMatch(allowed -> allowed.rule().line() == 4);
  }

  @Test
  void transport_noFile_isTheDefaults() {
    Transport transport = Policies.granting().transport();

    assertThat(transport.tls()).isEqualTo(new Transport.Tls(List.of("TLSv1.3"), List.of()));
    assertThat(transport.tokens().lifetime()).isEqualTo(Duration.ofMinutes(15));
    assertThat(transport.tokens().algorithm()).isEqualTo("ES256");
  }

  @Test
  void tenants_haveTheirQuotas() {
    Policy policy =
        Policies.of(
            Policies.SUBJECTS,
            Policies.HEAD
                + """
                Tenants
                tenants:
                  t: {purpose: x, owner: inner, quota: {rows_per_second: 5, storage: 1GiB, workers: 25%}}
                """);

    Tenant tenant = Optional.ofNullable(policy.tenants().get("t")).orElseThrow();
    assertThat(tenant.rowsPerSecond()).hasValue(5L);
    assertThat(tenant.storageBytes()).hasValue(1L << 30);
    assertThat(tenant.memoryBytes()).isEmpty();
    assertThat(tenant.workerShare()).hasValue(0.25);
  }

  @Test
  void roles_noneThatSteersMovesData() {
    Set<Action> data = Set.of(OnStream.READ, Action.OnSource.WRITE);
    for (Role role : Role.values()) {
      boolean moves = role.actions().stream().anyMatch(data::contains);
      assertThat(moves).isEqualTo(role == Role.READER || role == Role.WRITER);
      assertThat(!moves || role.actions().size() == 1).isTrue();
    }
  }
}
