package io.sagitta.node;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Each tenant's part of this node's memory for rows. A tenant that needs more than its quota fails
 * alone: its steps are repeated when there is room again. Half of a quota is for open windows, in
 * equal parts for all of the tenant's tasks, since these can spill to disk; the rest is for what
 * steps have in their hands. Thread-safe.
 */
final class TenantMemory implements AutoCloseable {
  private final BufferAllocator all;
  private final long windowBytes;
  private final Function<String, Optional<Long>> quotas;
  private final Map<String, BufferAllocator> allocators = new ConcurrentHashMap<>();
  private final Map<String, Integer> tasks = new ConcurrentHashMap<>();

  /**
   * Creates one.
   *
   * @param all the node's memory; stays the caller's
   * @param windowBytes most memory for the open windows of any task
   * @param quotas gives the bytes that a tenant may have now; empty for any number
   */
  TenantMemory(BufferAllocator all, long windowBytes, Function<String, Optional<Long>> quotas) {
    this.all = all;
    this.windowBytes = windowBytes;
    this.quotas = quotas;
  }

  /** Returns where rows of {@code tenant} live; stays this one's. */
  BufferAllocator of(String tenant) {
    return allocators.computeIfAbsent(
        tenant, name -> all.newChildAllocator("tenant " + name, 0, limit(name)));
  }

  /** Counts {@code more} tasks of {@code tenant} that share its memory, or fewer below zero. */
  void tasks(String tenant, int more) {
    tasks.merge(tenant, more, Integer::sum);
  }

  /** Returns memory for the open windows of one task of {@code tenant} now. */
  long windowBytes(String tenant) {
    int sharing = Math.max(1, tasks.getOrDefault(tenant, 1));
    return quotas
        .apply(tenant)
        .map(quota -> Math.min(windowBytes, Math.max(1, quota / 2 / sharing)))
        .orElse(windowBytes);
  }

  /** Takes over quotas that have changed. */
  void refresh() {
    allocators.forEach((tenant, allocator) -> allocator.setLimit(limit(tenant)));
  }

  private long limit(String tenant) {
    return quotas.apply(tenant).orElse(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    allocators.values().forEach(BufferAllocator::close);
  }
}
