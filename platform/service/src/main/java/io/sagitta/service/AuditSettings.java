package io.sagitta.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a role keeps its audit log: key {@code audit} of its configuration. */
public final class AuditSettings {
  @JsonProperty("folder")
  private @Nullable String folder;

  /** Creates one that names no folder. */
  public AuditSettings() {}

  /** Sets the folder, which this process alone writes to. */
  public void setFolder(String folder) {
    this.folder = folder;
  }

  /** Returns the folder; empty if none is named. */
  public Optional<Path> folder() {
    return Optional.ofNullable(folder).map(Path::of);
  }
}
