package io.sagitta.gateway;

import com.fasterxml.jackson.annotation.JsonMerge;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sagitta.gateway.ingest.IngestSettings;
import io.sagitta.gateway.streams.StreamSettings;
import io.sagitta.service.ServiceConfiguration;

/**
 * The gateway's YAML file. Beside the keys of every role:
 *
 * <pre>{@code
 * ingest: {memory: 256MiB, maxBody: 16MiB, maxExpanded: 64MiB}
 * streams: {memory: 256MiB, maxReaders: 1024, viewMemory: 64MiB}
 * }</pre>
 */
public final class GatewayConfiguration extends ServiceConfiguration {
  private static final int PORT = 7070;
  private static final int ADMIN_PORT = 7071;

  @JsonMerge
  @JsonProperty("ingest")
  private final IngestSettings ingest = new IngestSettings();

  @JsonMerge
  @JsonProperty("streams")
  private final StreamSettings streams = new StreamSettings();

  /** Creates the defaults. */
  public GatewayConfiguration() {
    super(PORT, ADMIN_PORT);
  }

  /** Returns the bounds of ingest. */
  public IngestSettings ingest() {
    return ingest;
  }

  /** Returns the bounds of reading streams. */
  public StreamSettings streams() {
    return streams;
  }
}
