package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What proves who a role is, and whom it trusts: key {@code tls} of its configuration. */
public final class TlsSettings {
  @JsonProperty("folder")
  private @Nullable String folder;

  /** Creates one that names no folder. */
  public TlsSettings() {}

  /** Sets the folder, with {@code cert.pem}, {@code key.pem} and {@code ca.pem} in it. */
  public void setFolder(String folder) {
    this.folder = folder;
  }

  /** Returns the folder; empty if the role has none. */
  public Optional<Path> folder() {
    return Optional.ofNullable(folder).map(Path::of);
  }
}
