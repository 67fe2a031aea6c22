package io.sagitta.policy;

/**
 * A rule of the policy and where it stands.
 *
 * @param file as the user named it
 * @param line from 1
 * @param text what it says, on one line
 */
public record Rule(String file, int line, String text) {
  /** Returns {@code file:line}. */
  public String place() {
    return file + ":" + line;
  }
}
