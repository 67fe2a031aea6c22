package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where Pulsar is: key {@code pulsar} of a role's configuration. */
public final class PulsarAddress {
  private String serviceUrl = "pulsar://127.0.0.1:6650";
  private String adminUrl = "http://127.0.0.1:8085";

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
}
