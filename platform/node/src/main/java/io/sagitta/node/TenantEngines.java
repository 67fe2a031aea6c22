package io.sagitta.node;

import io.sagitta.engine.Engine;
import io.sagitta.engine.run.DuckEngine;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The engines of a node. A tenant with a quota has one of its own (3 MiB while it is idle), so that
 * its queries and tables take no more than that and 16 MiB at least, and nobody else's take it
 * away; all others share one. Thread-safe.
 */
final class TenantEngines implements AutoCloseable {
  /** With less, DuckDB 1.5 does not start or has nothing left for a query. */
  private static final long LEAST_BYTES = 16 << 20;

  private final long bytes;
  private final Function<String, Optional<Long>> quotas;
  private final Engine shared;
  private final Map<String, Own> own = new ConcurrentHashMap<>();

  private record Own(long bytes, Engine engine) {}

  /**
   * Creates one.
   *
   * @param bytes most memory of any engine
   * @param quotas gives the bytes that a tenant may have now; empty for any number
   */
  TenantEngines(long bytes, Function<String, Optional<Long>> quotas) {
    this.bytes = bytes;
    this.quotas = quotas;
    this.shared = new DuckEngine(bytes);
  }

  /**
   * Returns the engine for {@code tenant}, which stays this one's. A task that is open keeps the
   * one that it has when the quota changes.
   */
  Engine of(String tenant) {
    Optional<Long> quota =
        quotas.apply(tenant).map(most -> Math.min(Math.max(most, LEAST_BYTES), bytes));
    if (quota.isEmpty()) {
      return shared;
    }
    return own.compute(tenant, (name, known) -> open(quota.get(), Optional.ofNullable(known)))
        .engine();
  }

  private static Own open(long bytes, Optional<Own> known) {
    if (known.filter(one -> one.bytes() == bytes).isPresent()) {
      return known.get();
    }
    known.ifPresent(one -> one.engine().close()); // Its tasks' connections stay open.
    return new Own(bytes, new DuckEngine(bytes));
  }

  @Override
  public void close() {
    own.values().forEach(one -> one.engine().close());
    shared.close();
  }
}
