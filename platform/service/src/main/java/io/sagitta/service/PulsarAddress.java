package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Optional;

/** Where Pulsar is: key {@code pulsar} of a role's configuration. */
public final class PulsarAddress {
  private String serviceUrl = "pulsar://127.0.0.1:6650";
  private String adminUrl = "http://127.0.0.1:8085";
  private String credentials = "";

  PulsarAddress() {}

  /** Returns where brokers speak Pulsar's binary protocol. */
  @JsonProperty
  public String getServiceUrl() {
    return serviceUrl;
  }

  /** Sets where brokers speak Pulsar's binary protocol, such as {@code pulsar://host:6650}. */
  @JsonProperty
  public void setServiceUrl(String serviceUrl) {
    this.serviceUrl = serviceUrl;
  }

  /** Returns where brokers answer HTTP. */
  @JsonProperty
  public String getAdminUrl() {
    return adminUrl;
  }

  /** Sets where brokers answer HTTP, such as {@code http://host:8080}. */
  @JsonProperty
  public void setAdminUrl(String adminUrl) {
    this.adminUrl = adminUrl;
  }

  /** Returns the folder with what proves who the role is; empty if nobody asks. */
  public Optional<Path> credentials() {
    return credentials.isEmpty()
        ? Optional.empty()
        : Optional.of(Path.of(credentials).toAbsolutePath());
  }

  /** Sets the folder with {@code cert.pem}, {@code key.pem} and {@code ca.pem}. */
  @JsonProperty
  public void setCredentials(String credentials) {
    this.credentials = credentials;
  }
}
