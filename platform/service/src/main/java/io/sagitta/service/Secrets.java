package io.sagitta.service;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives credentials their values: <code>${secret:board/password}</code> is the environment variable
 * {@code SAGITTA_SECRET_BOARD_PASSWORD} of the process. Values never enter a message.
 */
public final class Secrets {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret:([^}]+)}");

  private Secrets() {}

  /**
   * Returns {@code text} with its references replaced.
   *
   * @throws IllegalArgumentException if a secret is not there; names the variable to set
   */
  public static String resolve(String text) {
    return REFERENCE.matcher(text).replaceAll(r -> Matcher.quoteReplacement(value(r.group(1))));
  }

  private static String value(String name) {
    String variable =
        "SAGITTA_SECRET_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    String value = System.getenv(variable);
    if (value == null) {
      throw new IllegalArgumentException(
          "Secret '" + name + "' is not set; set " + variable + " in this process's environment");
    }
    return value;
  }
}
