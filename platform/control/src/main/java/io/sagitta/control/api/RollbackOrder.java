package io.sagitta.control.api;

import java.util.Objects;
import java.util.Optional;

/**
 * To which revision a pipeline shall go back.
 *
 * @param to its number; empty means the one before that which runs
 * @param author who asks
 */
public record RollbackOrder(Optional<Long> to, String author) {
  public RollbackOrder {
    // A key that JSON leaves out is null here.
    to = to == null ? Optional.empty() : to;
    author = Objects.requireNonNullElse(author, "").isBlank() ? "unknown" : author;
  }
}
