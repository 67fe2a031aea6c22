package io.sagitta.control.api;

import java.util.Objects;

/**
 * Asks for a session.
 *
 * @param name a person of the policy
 * @param password theirs
 */
public record LoginOrder(String name, String password) {
  public LoginOrder {
    // A key that JSON leaves out is null here.
    name = Objects.requireNonNullElse(name, "");
    password = Objects.requireNonNullElse(password, "");
  }

  /** Leaves the password out, and the name, where people type passwords too. */
  @Override
  public String toString() {
    return "a login";
  }
}
