package io.sagitta.gateway.streams;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;

/** Bounds of reading streams: key {@code streams} of the gateway's configuration. */
public final class StreamSettings {
  private DataSize memory = DataSize.mebibytes(256);
  private int maxReaders = 1024;
  private DataSize viewMemory = DataSize.mebibytes(64);

  /** Returns how much rows on their way out and views may hold together. */
  @JsonProperty
  public DataSize getMemory() {
    return memory;
  }

  /** Sets how much rows on their way out and views may hold together. */
  @JsonProperty
  public void setMemory(DataSize memory) {
    this.memory = memory;
  }

  /** Returns the most partitions that are read at a time, over all clients; of one tenant, half. */
  @JsonProperty
  public int getMaxReaders() {
    return maxReaders;
  }

  /** Sets the most partitions that are read at a time. */
  @JsonProperty
  public void setMaxReaders(int maxReaders) {
    this.maxReaders = maxReaders;
  }

  /** Returns how much the latest rows of one stream may hold. */
  @JsonProperty
  public DataSize getViewMemory() {
    return viewMemory;
  }

  /** Sets how much the latest rows of one stream may hold. */
  @JsonProperty
  public void setViewMemory(DataSize viewMemory) {
    this.viewMemory = viewMemory;
  }
}
