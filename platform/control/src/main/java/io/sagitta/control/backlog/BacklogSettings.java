package io.sagitta.control.backlog;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;

/** How much may wait: key {@code backlog} of control's configuration. */
public final class BacklogSettings {
  private DataSize limit = DataSize.gibibytes(10);

  /** Returns how much of one pipeline may wait for its tasks, compressed as it is in Pulsar. */
  @JsonProperty
  public DataSize getLimit() {
    return limit;
  }

  /** Sets how much of one pipeline may wait for its tasks. */
  @JsonProperty
  public void setLimit(DataSize limit) {
    if (limit.toBytes() <= 0) {
      throw new IllegalArgumentException("backlog.limit must be more than 0, such as 10GiB");
    }
    this.limit = limit;
  }
}
