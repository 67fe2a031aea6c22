package io.sagitta.control.api;

import java.util.Map;
import java.util.Objects;

/**
 * A policy that shall be in force.
 *
 * @param files the text of all its files, by name
 * @param author who asks, where nobody has to prove it
 */
public record PolicyOrder(Map<String, String> files, String author) {
  public PolicyOrder {
    // A key that JSON leaves out is null here.
    files = Map.copyOf(Objects.requireNonNullElse(files, Map.of()));
    author = Objects.requireNonNullElse(author, "unknown");
  }
}
