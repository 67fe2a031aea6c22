package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonMerge;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.ServerFactory;

/**
 * What every role's YAML file holds; a role's own configuration extends it. All keys have defaults:
 *
 * <pre>{@code
 * listen: {host: 127.0.0.1, port: 7070, adminPort: 7071}
 * pulsar: {serviceUrl: "pulsar://127.0.0.1:6650", adminUrl: "http://127.0.0.1:8085"}
 * logging: {level: INFO}
 * }</pre>
 */
public class ServiceConfiguration extends Configuration {
  @JsonMerge
  @JsonProperty("listen")
  private final Listen listen;

  @JsonMerge
  @JsonProperty("pulsar")
  private final PulsarAddress pulsar = new PulsarAddress();

  /** Creates the defaults of a role that serves clients. */
  protected ServiceConfiguration(int port, int adminPort) {
    this.listen = new Listen(port, adminPort);
  }

  /** Creates the defaults of a role that has only an admin port. */
  protected ServiceConfiguration(int adminPort) {
    this.listen = new Listen(-1, adminPort);
  }

  /** Returns where the role listens. */
  public Listen listen() {
    return listen;
  }

  /** Returns where Pulsar is. */
  public PulsarAddress pulsar() {
    return pulsar;
  }

  /** Refuses Dropwizard's own key, since {@code listen} says what may differ. */
  @Override
  @JsonProperty("server")
  public void setServerFactory(ServerFactory factory) {
    throw new IllegalArgumentException("Use 'listen: {host, port, adminPort}' instead of 'server'");
  }
}
