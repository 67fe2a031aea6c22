package io.sagitta.node;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sagitta.service.ServiceConfiguration;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A node's YAML file.
 *
 * <pre>{@code
 * name: node-1             # unique among nodes; the same after a restart
 * data: /var/lib/sagitta   # spilled rows; relative paths of sources and sinks start here
 * windowMegabytes: 256     # memory for open windows, for each task
 * arrowMegabytes: 2048     # memory for all batches together
 * engineMegabytes: 1024    # memory for the queries of all tenants without quota.memory, and most of any other
 * control: https://control:7080   # where tokens come from, if Pulsar asks who one is
 * stallSeconds: 120        # how long a task may not move before it is given up to another node
 * }</pre>
 */
public final class NodeConfiguration extends ServiceConfiguration {
  @NotEmpty
  @JsonProperty("name")
  private String name = "node";

  @NotEmpty
  @JsonProperty("data")
  private String data = "data";

  @Min(1)
  @JsonProperty("windowMegabytes")
  private long windowMegabytes = 256;

  @Min(64)
  @JsonProperty("arrowMegabytes")
  private long arrowMegabytes = 2048;

  @Min(64)
  @JsonProperty("engineMegabytes")
  private long engineMegabytes = 1024;

  @Min(1)
  @JsonProperty("stallSeconds")
  private long stallSeconds = 120;

  @NotEmpty
  @JsonProperty("control")
  private String control = "https://127.0.0.1:7080";

  /** Creates the defaults. */
  public NodeConfiguration() {
    super(7091);
  }

  /** Returns the node's name. */
  public String name() {
    return name;
  }

  /** Returns the node's folder. */
  public Path data() {
    return Path.of(data).toAbsolutePath();
  }

  /** Returns where control listens. */
  public URI control() {
    return URI.create(control);
  }

  /** Returns memory for open windows of one task, in bytes. */
  public long windowBytes() {
    return windowMegabytes << 20;
  }

  /** Returns memory for all batches, in bytes. */
  public long arrowBytes() {
    return arrowMegabytes << 20;
  }

  /** Returns how long a task may not move before it is given up. */
  public Duration stallPatience() {
    return Duration.ofSeconds(stallSeconds);
  }

  /** Returns memory for queries, in bytes. */
  public long engineBytes() {
    return engineMegabytes << 20;
  }
}
