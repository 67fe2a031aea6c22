package io.sagitta.gateway.ingest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;

/** Bounds of ingest: key {@code ingest} of the gateway's configuration. */
public final class IngestSettings {
  private DataSize memory = DataSize.mebibytes(256);
  private DataSize maxBody = DataSize.mebibytes(16);
  private DataSize maxExpanded = DataSize.mebibytes(64);

  /** Returns how much all requests under way may hold together, bodies and decoded rows. */
  @JsonProperty
  public DataSize getMemory() {
    return memory;
  }

  /** Sets how much all requests under way may hold together. */
  @JsonProperty
  public void setMemory(DataSize memory) {
    this.memory = memory;
  }

  /** Returns the largest body as it is sent. */
  @JsonProperty
  public DataSize getMaxBody() {
    return maxBody;
  }

  /** Sets the largest body as it is sent. */
  @JsonProperty
  public void setMaxBody(DataSize maxBody) {
    this.maxBody = maxBody;
  }

  /** Returns the largest body after unpacking. */
  @JsonProperty
  public DataSize getMaxExpanded() {
    return maxExpanded;
  }

  /** Sets the largest body after unpacking. */
  @JsonProperty
  public void setMaxExpanded(DataSize maxExpanded) {
    this.maxExpanded = maxExpanded;
  }
}
