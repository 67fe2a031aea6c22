package io.sagitta.gateway.ingest;

import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How many bodies are read at once. Each takes one of the server's threads for as long as its
 * client takes to send it, so that clients that send slowly, or nothing, could take all. Nobody
 * waits here: beyond the bound a request is refused at once. Thread-safe.
 */
final class BodySlots {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final int most;
  private final int mostOfTenant;
  private final Map<String, Integer> usedByTenant = new HashMap<>();
  private int used;

  /**
   * Creates free ones.
   *
   * @param most of all tenants together
   * @param mostOfTenant of one of them
   */
  BodySlots(int most, int mostOfTenant) {
    this.most = most;
    this.mostOfTenant = mostOfTenant;
  }

  /**
   * Takes one for a request of {@code tenant}.
   *
   * @throws ProblemException 429 if none is left
   */
  synchronized Slot open(String tenant) {
    int ofTenant = usedByTenant.getOrDefault(tenant, 0);
    if (used >= most || ofTenant >= mostOfTenant) {
      throw Problem.of(
              429,
              "too-many-requests",
              "Too many requests at once",
              ("%d requests of tenant %s are being read, of %d that may, and %d of all tenants, of"
                      + " %d. Send this request again later; send more rows with each, and fewer at"
                      + " once.")
                  .formatted(ofTenant, tenant, mostOfTenant, used, most))
          .retryAfter(RETRY)
          .exception();
    }
    used++;
    usedByTenant.merge(tenant, 1, Integer::sum);
    return new Slot(tenant);
  }

  private synchronized void free(String tenant) {
    used--;
    usedByTenant.computeIfPresent(tenant, (name, had) -> had == 1 ? null : had - 1);
  }

  /** The place of one request; {@link #close} gives it back, once. */
  final class Slot {
    private final String tenant;

    private Slot(String tenant) {
      this.tenant = tenant;
    }

    void close() {
      free(tenant);
    }
  }
}
