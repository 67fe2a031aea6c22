package io.sagitta.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FaultPlanTest {
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

  @Test
  void of_sameSeed_samePlan() {
    assertThat(FaultPlan.of(7, ALL, Duration.ofMinutes(10)))
        .isEqualTo(FaultPlan.of(7, ALL, Duration.ofMinutes(10)))
        .isNotEqualTo(FaultPlan.of(8, ALL, Duration.ofMinutes(10)));
  }

  @Test
  void of_shortRun_hasEveryFaultOnce() {
    assertThat(FaultPlan.of(1, ALL, Duration.ofSeconds(1)).faults())
        .extracting(FaultPlan.Planned::kind)
        .containsExactlyInAnyOrder(FaultKind.values());
  }

  @Test
  void of_longRun_fillsItsTime() {
    FaultPlan plan = FaultPlan.of(3, EnumSet.of(FaultKind.NODE_KILL), Duration.ofMinutes(30));
    Duration length =
        plan.faults().stream()
            .map(fault -> fault.pause().plus(fault.lasts()))
            .reduce(Duration.ZERO, Duration::plus);
    assertThat(length).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
  }

  @Test
  void of_noKinds_doesNothing() {
    assertThat(FaultPlan.of(1, List.of(), Duration.ofMinutes(1)).faults()).isEmpty();
  }
}
