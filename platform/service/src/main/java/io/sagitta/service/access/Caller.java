package io.sagitta.service.access;

import io.sagitta.identity.Identity;
import java.time.Instant;
import java.util.Optional;

/**
 * Whoever sent a request.
 *
 * @param identity who it is, if that is proven
 * @param proof how it was proven, or why it was not; for the audit log
 * @param from the address that it came from
 * @param until when the proof ends
 */
public record Caller(Optional<Identity> identity, String proof, String from, Instant until) {
  /** Returns a caller that is proven to be {@code identity}. */
  public static Caller proven(Identity identity, String proof, String from, Instant until) {
    return new Caller(Optional.of(identity), proof, from, until);
  }

  /** Returns a caller that nobody knows. */
  public static Caller unproven(String why, String from) {
    return new Caller(Optional.empty(), why, from, Instant.EPOCH);
  }

  /** Returns its one spelling, or {@code -}. */
  String who() {
    return identity.map(Identity::principal).orElse("-");
  }
}
