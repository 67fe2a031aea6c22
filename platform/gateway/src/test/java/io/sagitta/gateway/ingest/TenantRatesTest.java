package io.sagitta.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sagitta.service.ProblemException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class TenantRatesTest {
  private static final long SECOND = 1_000_000_000L;

  private final Map<String, Long> quotas = new ConcurrentHashMap<>(Map.of("sky", 100L));
  private long now = 7 * SECOND;
  private final TenantRates rates =
      new TenantRates(tenant -> Optional.ofNullable(quotas.get(tenant)), () -> now);

  @Test
  void charge_withinTheQuota_isNeverRefused() {
    for (int second = 0; second < 20; second++) {
      for (int part = 0; part < 10; part++) {
        rates.refuseIfSpent("sky");
        rates.charge("sky", 10);
        now += SECOND / 10;
      }
    }
  }

  @Test
  void charge_beyondTheQuota_isPaidForByWaiting() {
    rates.refuseIfSpent("sky");
    rates.charge("sky", 350);
    // 250 rows too many: two and a half seconds until nothing is owed.
    for (double waited : new double[] {0, 1, 2.4}) {
      now = 7 * SECOND + (long) (waited * SECOND);
      assertThatThrownBy(() -> rates.refuseIfSpent("sky"))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("100 rows a second");
    }
    now = 7 * SECOND + (long) (2.6 * SECOND);
    assertThatCode(() -> rates.refuseIfSpent("sky")).doesNotThrowAnyException();
  }

  @Test
  void overLongTime_noMoreThanTheQuotaIsTaken() {
    long taken = 0;
    for (int i = 0; i < 60_000; i++) {
      now += SECOND / 1000;
      try {
        rates.refuseIfSpent("sky");
        rates.charge("sky", 37);
        taken += 37;
      } catch (ProblemException e) {
        assertThat(e.problem().status()).isEqualTo(429);
      }
    }
    // A minute, one second saved up before, and one request beyond.
    assertThat(taken).isBetween(60 * 100L, 61 * 100L + 37);
  }

  @Test
  void allowance_isNotSavedUpBeyondASecond() {
    now += 3600 * SECOND;
    rates.refuseIfSpent("sky");
    rates.charge("sky", 101);
    assertThatThrownBy(() -> rates.refuseIfSpent("sky")).isInstanceOf(ProblemException.class);
  }

  @Test
  void others_areNotHeld_andAQuotaThatIsTakenAwayHoldsNobody() {
    rates.charge("sky", 10_000);
    rates.refuseIfSpent("sea");
    rates.charge("sea", 10_000_000);
    rates.refuseIfSpent("sea");
    assertThatThrownBy(() -> rates.refuseIfSpent("sky")).isInstanceOf(ProblemException.class);
    quotas.remove("sky");
    rates.refuseIfSpent("sky");
  }
}
