package io.sagitta.transport;

import java.time.Instant;

/**
 * Somebody wants to see a sample of the rows that a source or stage makes. Whoever owns tasks of it
 * publishes batches of at most {@code rows} rows into {@link Topics#tap}, as Arrow IPC streams with
 * a {@link Header.Kind#ROWS} header, and drops what does not fit at once.
 *
 * @param id names the topic of the sample: letters and digits
 * @param stage a source or stage
 * @param rows how many rows are wanted in all
 * @param expiresAt ISO-8601: nobody listens any more
 */
public record TapRequest(
    String id, String tenant, String pipeline, String stage, int rows, String expiresAt) {
  public TapRequest {
    if (!id.matches("[A-Za-z0-9]{1,64}")) {
      throw new IllegalArgumentException("'" + id + "' is no id of a tap");
    }
  }

  /** Returns whose rows are wanted. */
  public PipelineId of() {
    return new PipelineId(tenant, pipeline);
  }

  /** Returns where the sample goes; not partitioned, nothing is kept. */
  public String topic() {
    return Topics.tap(of(), id);
  }

  /** Returns whether nobody listens any more at {@code now}. */
  public boolean expired(Instant now) {
    return !Instant.parse(expiresAt).isAfter(now);
  }
}
