package io.sagitta.policy;

import io.sagitta.definition.options.Written;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host by name or IPv4 address, and a port. An address has one spelling only: four numbers
 * without leading zeros, so that no other spelling of a refused one gets through.
 *
 * @param host in lower case
 * @param port empty for the usual one
 */
@Written(words = HostPort.WORDS, pattern = HostPort.PATTERN)
public record HostPort(String host, OptionalInt port) {
  /** The usual port where there is none. */
  static final int NONE = -1;

  static final String WORDS =
      "a host by name or IPv4 address, and its port if it is not the usual one, such as"
          + " db.internal or db.internal:6432";
  private static final String NUMBER = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final String NAME =
      "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){0,8}[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  static final String PATTERN =
      "(" + NAME + "|(" + NUMBER + "\\.){3}" + NUMBER + ")(:[1-9][0-9]{0,4})?";
  private static final Pattern SYNTAX = Pattern.compile("(?<host>[^:]+)(:(?<port>[0-9]+))?");
  private static final Pattern WHOLE = Pattern.compile(PATTERN);
  private static final int MOST_PORT = 65_535;

  /** Returns the host that {@code text} names. */
  public static Optional<HostPort> parse(String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (!WHOLE.matcher(text).matches() || !parts.matches()) {
      return Optional.empty();
    }
    Optional<Integer> port = Optional.ofNullable(parts.group("port")).map(Integer::valueOf);
    return port.isPresent() && port.get() > MOST_PORT
        ? Optional.empty()
        : Optional.of(
            new HostPort(
                parts.group("host").toLowerCase(Locale.ROOT),
                port.stream().mapToInt(Integer::intValue).findFirst()));
  }

  /** Returns whether both are one, where a port that is left out is {@code usual}. */
  boolean is(HostPort other, int usual) {
    return host.equals(other.host) && port.orElse(usual) == other.port.orElse(usual);
  }

  /**
   * Returns whether the name says already that it is this machine or a link-local address; a name
   * that says nothing may still resolve to one.
   */
  boolean isSurelyLoopback() {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("0.0.0.0")
        || (Character.isDigit(host.charAt(host.length() - 1))
            && (host.startsWith("127.") || host.startsWith("169.254.")));
  }

  @Override
  public String toString() {
    return port.isPresent() ? host + ":" + port.getAsInt() : host;
  }
}
