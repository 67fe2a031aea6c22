package io.sagitta.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTimesTest {
  @Test
  void see_randomKeysAndTimes_remembersAndForgetsAsAMapDoes() {
    Random random = new Random(1);
    KeyTimes table = new KeyTimes();
    Map<Long, Long> map = new HashMap<>();
    long forgotten = 0;
    for (int i = 0; i < 200_000; i++) {
      long key = random.nextInt(20_000);
      long time = forgotten + 1 + random.nextInt(5_000);
      long bound = forgotten;
      boolean isNew = map.getOrDefault(key, Long.MIN_VALUE) <= bound;
      map.merge(key, time, (old, now) -> old <= bound ? now : Math.max(old, now));

      assertThat(table.see(key >>> 3, key, time, forgotten)).as("row %d", i).isEqualTo(isNew);
      forgotten += random.nextInt(3);
    }
    assertThat(table.bytes()).isLessThan(24 * 65_536 + 1);
  }
}
