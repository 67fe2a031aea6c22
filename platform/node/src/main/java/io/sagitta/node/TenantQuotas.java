package io.sagitta.node;

import io.sagitta.node.task.WorkerShare;
import io.sagitta.policy.Policy;
import io.sagitta.policy.Tenant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What each tenant may take of this node, by the policy as it is when asked. Thread-safe. */
final class TenantQuotas {
  private final Supplier<Optional<Policy>> policy;
  private final int processors;
  private final Map<String, WorkerShare> workers = new ConcurrentHashMap<>();

  /**
   * Creates them.
   *
   * @param policy gives the one in force; empty if there is none, which bounds nothing
   * @param processors of the node
   */
  TenantQuotas(Supplier<Optional<Policy>> policy, int processors) {
    this.policy = policy;
    this.processors = processors;
  }

  /** Returns the most memory that {@code tenant} may have, in bytes; empty for any. */
  Optional<Long> memoryBytes(String tenant) {
    return of(tenant).flatMap(Tenant::memoryBytes);
  }

  /** Returns the turns that all tasks of {@code tenant} share, always the same ones. */
  WorkerShare workers(String tenant) {
    return workers.computeIfAbsent(
        tenant, name -> new WorkerShare(() -> of(name).flatMap(Tenant::workerShare), processors));
  }

  private Optional<Tenant> of(String tenant) {
    return policy.get().flatMap(rules -> Optional.ofNullable(rules.tenants().get(tenant)));
  }
}
