package io.sagitta.transport;

import java.time.Instant;

/**
 * A pipeline whose tasks have left more unread than may wait: gateways take no more rows for it
 * until they have caught up a good part.
 *
 * @param backlogBytes what waited when somebody last looked, compressed as it is in Pulsar
 * @param limitBytes how much may wait
 * @param since when this began, ISO-8601
 */
public record Backpressure(
    String tenant, String pipeline, long backlogBytes, long limitBytes, String since) {

  /** Returns it with what waits now. */
  public Backpressure with(long bytes) {
    return new Backpressure(tenant, pipeline, bytes, limitBytes, since);
  }

  /** Returns a beginning one. */
  public static Backpressure begins(
      PipelineId pipeline, long backlogBytes, long limitBytes, Instant now) {
    return new Backpressure(
        pipeline.tenant(), pipeline.name(), backlogBytes, limitBytes, now.toString());
  }
}
