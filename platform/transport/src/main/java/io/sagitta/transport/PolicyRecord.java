package io.sagitta.transport;

import java.util.Map;
import java.util.Objects;

/**
 * The policy in force and the keys that verify tokens, in the topic {@link Topics#POLICY} under
 * {@link #KEY}: one message holds both, so that whoever follows it never has a half.
 *
 * @param number counts the policies that were applied
 * @param files text by name, as they are in {@code security/}
 * @param keys a JSON Web Key Set without private keys
 * @param author who applied it
 * @param at when, ISO-8601
 */
public record PolicyRecord(
    long number, Map<String, String> files, String keys, String author, String at) {
  /** The one key of the topic. */
  public static final String KEY = "policy";

  public PolicyRecord {
    // A key that JSON leaves out is null here.
    files = Map.copyOf(Objects.requireNonNullElse(files, Map.of()));
    keys = Objects.requireNonNullElse(keys, "{\"keys\":[]}");
    author = Objects.requireNonNullElse(author, "");
    at = Objects.requireNonNullElse(at, "");
  }
}
