package io.sagitta.gateway.ingest;

import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.service.Shares;
import java.time.Duration;

/**
 * How many bodies are read at once. Each takes one of the server's threads for as long as its
 * client takes to send it, so that clients that send slowly, or nothing, could take all. Nobody
 * waits here: beyond the bound a request is refused at once. Thread-safe.
 */
final class BodySlots {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Shares shares;

  /** Creates them out of free {@code shares}, of which each tenant has its own. */
  BodySlots(Shares shares) {
    this.shares = shares;
  }

  /**
   * Takes one for a request of {@code tenant}.
   *
   * @throws ProblemException 429 if none is left
   */
  Slot open(String tenant) {
    if (!shares.take(tenant, 1)) {
      throw Problem.of(
              429,
              "too-many-requests",
              "Too many requests at once",
              ("%d requests of tenant %s are being read, of %d that may, and %d of all tenants, of"
                      + " %d. Send this request again later; send more rows with each, and fewer at"
                      + " once.")
                  .formatted(
                      shares.taken(tenant),
                      tenant,
                      shares.mostOfOne(),
                      shares.taken(),
                      shares.most()))
          .retryAfter(RETRY)
          .exception();
    }
    return new Slot(tenant);
  }

  /** The place of one request; {@link #close} gives it back, once. */
  final class Slot {
    private final String tenant;

    private Slot(String tenant) {
      this.tenant = tenant;
    }

    void close() {
      shares.give(tenant, 1);
    }
  }
}
