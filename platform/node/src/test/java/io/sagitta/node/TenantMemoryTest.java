package io.sagitta.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

final class TenantMemoryTest {
  private static final long MIB = 1 << 20;

  private final Map<String, Long> quotas = new ConcurrentHashMap<>(Map.of("sky", 8 * MIB));

  @Test
  void of_tenantBeyondItsQuota_failsAlone() {
    try (RootAllocator all = new RootAllocator(64 * MIB);
        TenantMemory memory = memory(all)) {
      try (ArrowBuf most = memory.of("sky").buffer(8 * MIB);
          ArrowBuf ofOthers = memory.of("sea").buffer(32 * MIB)) {
        assertThat(most.capacity() + ofOthers.capacity()).isEqualTo(40 * MIB);
        BufferAllocator task = memory.of("sky").newChildAllocator("task", 0, Long.MAX_VALUE);
        assertThatThrownBy(() -> task.buffer(MIB)).isInstanceOf(OutOfMemoryException.class);
        memory.of("sea").buffer(MIB).close();
        task.close();
      }
      assertThat(memory.of("sky").getAllocatedMemory()).isZero();
    }
  }

  @Test
  void refresh_quotaRaisedOrTakenAway_holdsFromThen() {
    try (RootAllocator all = new RootAllocator(64 * MIB);
        TenantMemory memory = memory(all)) {
      BufferAllocator sky = memory.of("sky");
      quotas.put("sky", 16 * MIB);
      memory.refresh();
      sky.buffer(16 * MIB).close();
      assertThatThrownBy(() -> sky.buffer(32 * MIB)).isInstanceOf(OutOfMemoryException.class);
      quotas.remove("sky");
      memory.refresh();
      sky.buffer(32 * MIB).close();
      assertThat(memory.of("sky")).isSameAs(sky);
    }
  }

  @Test
  void windowBytes_isAnEqualPartOfHalfTheQuota_andNoMoreThanAnyTaskHas() {
    try (RootAllocator all = new RootAllocator(64 * MIB);
        TenantMemory memory = memory(all)) {
      assertThat(memory.windowBytes("sky")).isEqualTo(2 * MIB);
      memory.tasks("sky", 4);
      assertThat(memory.windowBytes("sky")).isEqualTo(MIB);
      assertThat(memory.windowBytes("sea")).isEqualTo(2 * MIB);
      memory.tasks("sky", 4);
      assertThat(memory.windowBytes("sky")).isEqualTo(MIB / 2);
      memory.tasks("sky", -6);
      assertThat(memory.windowBytes("sky")).isEqualTo(2 * MIB);
      quotas.remove("sky");
      assertThat(memory.windowBytes("sky")).isEqualTo(2 * MIB);
    }
  }

  private TenantMemory memory(RootAllocator all) {
    return new TenantMemory(all, 2 * MIB, tenant -> Optional.ofNullable(quotas.get(tenant)));
  }
}
