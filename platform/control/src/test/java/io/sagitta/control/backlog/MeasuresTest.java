package io.sagitta.control.backlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MeasuresTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Measures measures = new Measures();

  private void after(long seconds, long bytes) {
    measures.add(START.plusSeconds(seconds), bytes);
  }

  @Test
  void nothingMeasured_nothingKnown() {
    assertThat(measures.bytes()).isEmpty();
    assertThat(measures.drainedInSeconds()).isEmpty();
    after(0, 100);
    assertThat(measures.bytes()).contains(100L);
    assertThat(measures.drainedInSeconds()).isEmpty();
  }

  @Test
  void whatShrinks_endsAtThatPace() {
    after(0, 1000);
    after(5, 900);
    after(10, 800);
    assertThat(measures.drainedInSeconds()).contains(40.0);
  }

  @Test
  void whatGrowsOrStays_hasNoEnd() {
    after(0, 1000);
    after(5, 1000);
    assertThat(measures.drainedInSeconds()).isEmpty();
    after(10, 1100);
    assertThat(measures.drainedInSeconds()).isEmpty();
  }

  @Test
  void whatWasLongAgo_doesNotCount() {
    after(0, 100);
    for (int seconds = 60; seconds <= 90; seconds += 5) {
      after(seconds, 2000 - 10L * (seconds - 60));
    }
    // 2 bytes a second over the last 20, 1,700 left.
    assertThat(measures.bytes()).contains(1700L);
    assertThat(measures.drainedInSeconds()).contains(170.0);
  }

  @Test
  void measuresFarApart_stillCompare() {
    after(0, 1000);
    after(60, 400);
    assertThat(measures.drainedInSeconds()).contains(40.0);
  }
}
