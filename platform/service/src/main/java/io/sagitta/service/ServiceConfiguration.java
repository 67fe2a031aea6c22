package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonMerge;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.ServerFactory;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What every role's YAML file holds; a role's own configuration extends it. All keys but {@code
 * tls} and {@code audit} have defaults:
 *
 * <pre>{@code
 * listen: {host: 127.0.0.1, port: 7070, adminPort: 7071}
 * tls: {folder: identity/gateway}
 * audit: {folder: audit}
 * pulsar: {serviceUrl: "pulsar://127.0.0.1:6650", adminUrl: "http://127.0.0.1:8085"}
 * policy: /etc/sagitta/security   # what pipelines may reach, until control's policy is there
 * logging: {level: INFO}
 * }</pre>
 *
 * <p>In place of {@code tls} and {@code audit}, {@code unprotected: on-loopback} starts a role that
 * lets everybody do everything who reaches a port on loopback: for tests.
 */
public class ServiceConfiguration extends Configuration {
  /** The value of {@code unprotected}. */
  public static final String ON_LOOPBACK = "on-loopback";

  @JsonMerge
  @JsonProperty("listen")
  private final Listen listen;

  @JsonMerge
  @JsonProperty("pulsar")
  private final PulsarAddress pulsar = new PulsarAddress();

  @JsonMerge
  @JsonProperty("tls")
  private final TlsSettings tls = new TlsSettings();

  @JsonMerge
  @JsonProperty("audit")
  private final AuditSettings audit = new AuditSettings();

  private boolean unprotected;

  @JsonProperty("policy")
  private Optional<String> policy = Optional.empty();

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

  /** Returns what proves who the role is. */
  public TlsSettings tls() {
    return tls;
  }

  /** Returns where the audit log is kept. */
  public AuditSettings audit() {
    return audit;
  }

  /** Returns whether nobody has to prove anything. */
  public boolean isUnprotected() {
    return unprotected;
  }

  /** Lets everybody do everything, on loopback; the one value is {@code on-loopback}. */
  @JsonProperty("unprotected")
  public void setUnprotected(String where) {
    if (!where.equals(ON_LOOPBACK)) {
      throw new IllegalArgumentException("The one value of 'unprotected' is " + ON_LOOPBACK);
    }
    this.unprotected = true;
  }

  /** Returns the folder of a policy that holds until control's is there. */
  public Optional<Path> policyFolder() {
    return policy.map(Path::of);
  }

  /** Refuses Dropwizard's own key, since {@code listen} says what may differ. */
  @Override
  @JsonProperty("server")
  public void setServerFactory(ServerFactory factory) {
    throw new IllegalArgumentException("Use 'listen: {host, port, adminPort}' instead of 'server'");
  }
}
