package io.sagitta.service.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of an audit log: the number of a record and its hash. Written as {@code 42:9f86…}.
 *
 * @param n the record's number
 * @param hash SHA-256 of its line, in hexadecimal digits
 */
public record AuditHead(long n, String hash) {
  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

  /** Parses {@code N:HASH}. */
  public static Optional<AuditHead> parse(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    return matcher.matches()
        ? Optional.of(new AuditHead(Long.parseLong(matcher.group(1)), matcher.group(2)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return n + ":" + hash;
  }
}
