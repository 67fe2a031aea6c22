package io.sagitta.gateway.ingest;

import io.sagitta.service.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * How many rows a second a tenant may send to this gateway, into all of its sources together. A
 * request is taken whole as long as anything of the tenant's allowance is left, since nobody knows
 * its rows before it is decoded; what it takes beyond that, later requests wait for. The allowance
 * of one second at most is saved up. Thread-safe.
 */
final class TenantRates {
  private static final double NANOS = 1e9;

  private final Function<String, Optional<Long>> quotas;
  private final LongSupplier nanos;
  private final Map<String, Allowance> allowances = new ConcurrentHashMap<>();

  /**
   * What a tenant has left.
   *
   * @param rows below 0 if more was taken than there was
   * @param at when that was so, in nanoseconds
   */
  private record Allowance(double rows, long at) {
    Allowance until(long now, long perSecond) {
      double grown = rows + (now - at) / NANOS * perSecond;
      return new Allowance(Math.min(grown, (double) perSecond), now);
    }
  }

  /**
   * Creates one.
   *
   * @param quotas gives the rows a second that a tenant may send now; empty for any number
   * @param nanos gives the time, as {@link System#nanoTime} does
   */
  TenantRates(Function<String, Optional<Long>> quotas, LongSupplier nanos) {
    this.quotas = quotas;
    this.nanos = nanos;
  }

  /**
   * Lets a request of {@code tenant} through.
   *
   * @throws io.sagitta.service.ProblemException 429 if nothing of its allowance is left
   */
  void refuseIfSpent(String tenant) {
    Optional<Long> quota = quotas.apply(tenant);
    if (quota.isEmpty()) {
      return;
    }
    double left = change(tenant, quota.get(), 0).rows();
    if (left <= 0) {
      double seconds = (1 - left) / quota.get();
      throw Problem.of(
              429,
              "quota",
              "The tenant's quota is spent",
              ("Tenant %s may send %,d rows a second, by quota.rows_per_second of the policy, and has"
                      + " sent more. Nothing of this request was taken; send it again later.")
                  .formatted(tenant, quota.get()))
          .retryAfter(Duration.ofSeconds((long) Math.ceil(seconds)))
          .exception();
    }
  }

  /** Takes {@code rows} off what {@code tenant} has left. */
  void charge(String tenant, long rows) {
    Optional<Long> quota = quotas.apply(tenant);
    if (quota.isPresent()) {
      change(tenant, quota.get(), rows);
    } else {
      allowances.remove(tenant);
    }
  }

  private Allowance change(String tenant, long perSecond, long rows) {
    long now = nanos.getAsLong();
    return allowances.compute(
        tenant,
        (name, known) -> {
          Allowance then = known == null ? new Allowance(perSecond, now) : known;
          Allowance grown = then.until(now, perSecond);
          return new Allowance(grown.rows() - rows, now);
        });
  }
}
