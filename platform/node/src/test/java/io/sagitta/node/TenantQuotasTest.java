package io.sagitta.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.node.task.WorkerShare;
import io.sagitta.policy.Policy;
import io.sagitta.policy.PolicyFile;
import io.sagitta.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class TenantQuotasTest {
  private final AtomicReference<Optional<Policy>> policy =
      new AtomicReference<>(Optional.of(policy("{workers: 50%, memory: 8MiB}")));
  private final TenantQuotas quotas = new TenantQuotas(policy::get, 4);

  private static Policy policy(String quota) {
    String subjects =
        """
        apiVersion: sagitta/v1
        kind: Subjects
        people: {ada: {name: Ada}}
        groups: {team: {members: [ada]}}
        """;
    String tenants =
        """
        apiVersion: sagitta/v1
        kind: Tenants
        tenants:
          sky: {purpose: Flights, owner: team, quota: %s}
          sea: {purpose: Ships, owner: team}
        """
            .formatted(quota);
    var read = PolicyReader.read(List.of(file("subjects", subjects), file("tenants", tenants)));
    return read.policy().orElseThrow(() -> new AssertionError(read.problems().toString()));
  }

  private static PolicyFile file(String name, String text) {
    return new PolicyFile(name + ".yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void workers_isTheTenantsShareOfTheProcessors_asThePolicySaysNow() {
    WorkerShare sky = quotas.workers("sky");
    assertThat(sky.most()).isEqualTo(2);
    assertThat(quotas.workers("sea").most()).isEqualTo(Integer.MAX_VALUE);
    assertThat(quotas.workers("sky")).as("one for all of its tasks").isSameAs(sky);

    policy.set(Optional.of(policy("{workers: 75%}")));
    assertThat(sky.most()).isEqualTo(3);
    policy.set(Optional.empty());
    assertThat(sky.most()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void memoryBytes_isTheTenantsQuota_asThePolicySaysNow() {
    assertThat(quotas.memoryBytes("sky")).hasValue(8L << 20);
    assertThat(quotas.memoryBytes("sea")).isEmpty();
    assertThat(quotas.memoryBytes("none")).isEmpty();
    policy.set(Optional.of(policy("{memory: 1GiB}")));
    assertThat(quotas.memoryBytes("sky")).hasValue(1L << 30);
  }
}
