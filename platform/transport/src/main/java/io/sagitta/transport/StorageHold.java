package io.sagitta.transport;

import java.time.Instant;

/**
 * A tenant whose topics keep more than its quota: gateways take no more rows for any of its
 * pipelines until they keep less.
 *
 * @param bytes what they kept when somebody last looked, compressed as it is in Pulsar
 * @param limitBytes how much they may
 * @param since when this began, ISO-8601
 */
public record StorageHold(String tenant, long bytes, long limitBytes, String since) {
  /** Returns it with what is kept, and may be, now. */
  public StorageHold with(long newBytes, long newLimitBytes) {
    return new StorageHold(tenant, newBytes, newLimitBytes, since);
  }

  /** Returns a beginning one. */
  public static StorageHold begins(String tenant, long bytes, long limitBytes, Instant now) {
    return new StorageHold(tenant, bytes, limitBytes, now.toString());
  }
}
