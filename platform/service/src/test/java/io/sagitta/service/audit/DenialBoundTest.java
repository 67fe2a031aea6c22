package io.sagitta.service.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DenialBoundTest {
  private final DenialBound bound = new DenialBound();

  @Test
  void take_flood_writesFewAndCountsAll() {
    long written = 0;
    long stoodFor = 0;
    for (int i = 0; i < 100_000; i++) {
      OptionalLong times = bound.take("-", TimeUnit.MILLISECONDS.toNanos(i));
      written += times.isPresent() ? 1 : 0;
      stoodFor += times.orElse(0);
    }
    assertThat(written).isBetween(30L, 45L);
    Map<String, Long> rest = new HashMap<>();
    bound.drain(rest::put);
    assertThat(stoodFor + rest.getOrDefault("-", 0L)).isEqualTo(100_000);
    bound.drain((who, times) -> assertThat(times).isNull());
  }

  @Test
  void take_flood_hidesNobodyElse() {
    for (int i = 0; i < 1_000; i++) {
      bound.take("-", 0);
    }
    assertThat(bound.take("subject.eve", 0)).hasValue(1);
  }

  @Test
  void take_manyCallers_areBounded() {
    for (int i = 0; i < 5_000; i++) {
      bound.take("subject.s" + i, 0);
    }
    Map<String, Long> rest = new HashMap<>();
    bound.drain(rest::put);
    assertThat(rest).containsOnlyKeys("(others)");
    assertThat(rest.get("(others)")).isEqualTo(4_000 - 20);
  }
}
