package io.sagitta.control.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchTest {
  @Test
  void look_thatFails_isRepeated() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch third = new CountDownLatch(3);
    try (Watch watch =
        new Watch(
            "test-watch",
            Duration.ofMillis(1),
            () -> {
              third.countDown();
              if (looks.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
              }
            })) {
      watch.start();
      assertThat(third.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
