package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalInt;

/** The addresses a role listens on: key {@code listen} of its configuration. */
public final class Listen {
  private String host = "127.0.0.1";
  private int port;
  private int adminPort;

  Listen(int port, int adminPort) {
    this.port = port;
    this.adminPort = adminPort;
  }

  /** Returns the address of both ports; loopback unless said otherwise. */
  @JsonProperty
  public String getHost() {
    return host;
  }

  /** Sets the address of both ports. */
  @JsonProperty
  public void setHost(String host) {
    this.host = host;
  }

  /** Returns the port for clients, 0 for any free one; -1 for roles that serve none. */
  @JsonProperty
  public int getPort() {
    return port;
  }

  /** Sets the port for clients. */
  @JsonProperty
  public void setPort(int port) {
    this.port = checked("listen.port", port);
  }

  /** Returns the port of health checks and metrics, 0 for any free one. */
  @JsonProperty
  public int getAdminPort() {
    return adminPort;
  }

  /** Sets the port of health checks and metrics. */
  @JsonProperty
  public void setAdminPort(int adminPort) {
    this.adminPort = checked("listen.adminPort", adminPort);
  }

  OptionalInt clientPort() {
    return port < 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  private static int checked(String key, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          key + ": " + port + " is no port; use 1 to 65535, or 0 for any free one");
    }
    return port;
  }
}
