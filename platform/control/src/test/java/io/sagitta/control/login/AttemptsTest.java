package io.sagitta.control.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AttemptsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Attempts attempts = new Attempts(nanos::get);

  private int taken(String name, String address, int times) {
    int taken = 0;
    for (int i = 0; i < times; i++) {
      taken += attempts.take(name, address).isEmpty() ? 1 : 0;
    }
    return taken;
  }

  @Test
  void take_oneName_isFiveThenOneAMinute() {
    assertThat(taken("ada", "192.0.2.1", 1000)).isEqualTo(5);
    assertThat(attempts.take("ada", "192.0.2.1")).hasValue(Duration.ofMinutes(1));
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(taken("ada", "192.0.2.1", 10)).isZero();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(taken("ada", "192.0.2.1", 10)).isEqualTo(1);
    assertThat(attempts.take("ada", "198.51.100.7")).as("the person, elsewhere").isEmpty();
  }

  @Test
  void take_manyNames_isThirtyForAnAddress() {
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      taken += taken("name" + i, "192.0.2.1", 1);
    }
    assertThat(taken).isEqualTo(30);
  }

  @Test
  void take_oneNameFromManyAddresses_isBoundedToo() {
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      taken += taken("ada", "10.0.%d.%d".formatted(i / 250, i % 250), 1);
    }
    assertThat(taken).isEqualTo(100);
  }

  @Test
  void take_addressesOfOneNetwork_areOne() {
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      taken += taken("ada", "2001:db8::" + Integer.toHexString(i), 1);
    }
    assertThat(taken).isEqualTo(5);
  }

  @Test
  void succeeded_forgetsTheAttemptsOfThatName() {
    assertThat(taken("ada", "192.0.2.1", 4)).isEqualTo(4);
    attempts.succeeded("ada", "192.0.2.1");
    assertThat(taken("ada", "192.0.2.1", 10)).isEqualTo(5);
  }

  @Test
  void succeeded_manyPeopleOfOneAddress_allGetIn() {
    for (int i = 0; i < 1000; i++) {
      assertThat(taken("name" + i, "192.0.2.1", 1)).isEqualTo(1);
      attempts.succeeded("name" + i, "192.0.2.1");
    }
  }
}
