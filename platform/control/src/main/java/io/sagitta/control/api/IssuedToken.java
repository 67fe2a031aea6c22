package io.sagitta.control.api;

/**
 * A token. Its text is a secret, so it never stands in a log.
 *
 * @param identity whom it proves
 * @param audience where it is good
 * @param token the text
 * @param expires when it ends, ISO-8601
 * @param renew when to take a new one, ISO-8601
 */
public record IssuedToken(
    String identity, String audience, String token, String expires, String renew) {
  @Override
  public String toString() {
    return "token of " + identity + " until " + expires;
  }
}
