package io.sagitta.service.access;

import java.util.function.BiConsumer;

/**
 * The headers of every reply: what browsers must not do with it. Nothing here is a page, so nothing
 * of it is shown in a frame, run, kept or guessed at (OWASP ASVS 5, chapter 3.4).
 */
public final class ReplyHeaders {
  private ReplyHeaders() {}

  /**
   * Sets them.
   *
   * @param secure whether the request came over TLS
   * @param header sets one, by name and value
   */
  public static void set(boolean secure, BiConsumer<String, String> header) {
    header.accept("X-Content-Type-Options", "nosniff");
    header.accept("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    header.accept("X-Frame-Options", "DENY");
    header.accept("Referrer-Policy", "no-referrer");
    header.accept("Cross-Origin-Resource-Policy", "same-origin");
    header.accept("Cross-Origin-Opener-Policy", "same-origin");
    header.accept("Cache-Control", "no-store");
    if (secure) {
      header.accept("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    }
  }
}
