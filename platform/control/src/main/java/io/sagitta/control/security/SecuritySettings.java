package io.sagitta.control.security;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sagitta.control.login.OidcSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where control finds the first policy and people's passwords, and keeps its keys: key {@code
 * security} of its file.
 */
public final class SecuritySettings {
  @JsonProperty("policy")
  private @Nullable String policy;

  @JsonProperty("keys")
  private @Nullable String keys;

  @JsonProperty("publishedKeys")
  private @Nullable String publishedKeys;

  @JsonProperty("logins")
  private @Nullable String logins;

  @JsonProperty("oidc")
  private @Nullable OidcSettings oidc;

  /** Creates one that names nothing. */
  public SecuritySettings() {}

  /** Sets the folder with the policy that is in force if none was applied before. */
  public void setPolicy(String policy) {
    this.policy = policy;
  }

  /** Sets the file with the keys that sign tokens; made if there is none. */
  public void setKeys(String keys) {
    this.keys = keys;
  }

  /** Sets the file where the public halves of the keys are kept for Pulsar's brokers. */
  public void setPublishedKeys(String publishedKeys) {
    this.publishedKeys = publishedKeys;
  }

  /** Returns the file where the public halves of the keys are kept. */
  public Optional<Path> publishedKeys() {
    return Optional.ofNullable(publishedKeys).map(Path::of);
  }

  /** Sets the file with the hashes of people's passwords; without it there are none. */
  public void setLogins(String logins) {
    this.logins = logins;
  }

  /** Returns the file of the passwords. */
  public Optional<Path> logins() {
    return Optional.ofNullable(logins).map(Path::of);
  }

  /** Returns the identity provider that people may log in with. */
  public Optional<OidcSettings> oidc() {
    return Optional.ofNullable(oidc);
  }

  /** Returns the folder of the first policy. */
  public Optional<Path> policy() {
    return Optional.ofNullable(policy).map(Path::of);
  }

  /** Returns the file of the keys. */
  public Optional<Path> keys() {
    return Optional.ofNullable(keys).map(Path::of);
  }
}
