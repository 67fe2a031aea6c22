package io.sagitta.control.api;

import io.sagitta.service.Problem;
import io.sagitta.service.Shares;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bounds on request bodies: each says its length, none is huge, and all that are being read
 * together leave control most of its memory. A definition and its tables become a tree of JSON
 * before anything of them can be used, which takes several times their bytes.
 */
public final class Bodies implements ContainerRequestFilter, ContainerResponseFilter {
  /** The most characters of one string in it: a table of 64 MiB in Base64. */
  public static final int MOST_STRING = 90 << 20;

  private static final int MOST_BYTES = 256 << 20;
  private static final int MEMORY_PARTS = 6;
  private static final int KIB = 1 << 10;
  private static final String TAKEN = Bodies.class.getName();
  private static final String ALL = "all";
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final int most;
  private final Shares kibibytes;

  /**
   * Creates them.
   *
   * @param memory of this process, in bytes
   */
  public Bodies(long memory) {
    most = (int) Math.min(MOST_BYTES, memory / MEMORY_PARTS);
    kibibytes = new Shares(most / KIB, most / KIB);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (!request.getMethod().equals("POST")) {
      return;
    }
    // -1 where the header is absent or no number.
    if (request.getLength() < 0) {
      throw Problem.of(
              411,
              "length-required",
              "Length required",
              "Send the body with Content-Length, 0 if there is none.")
          .exception();
    }
    if (request.getLength() > most) {
      throw Problem.of(
              413,
              "too-large",
              "Body too large",
              "The body has " + request.getLength() + " bytes; the most is " + most + ".")
          .exception();
    }
    int kib = request.getLength() / KIB;
    if (!kibibytes.take(ALL, kib)) {
      throw Problem.of(
              503,
              "busy",
              "Too much under way",
              "As many and as large bodies are being read as control has memory for. Send this one"
                  + " again later.")
          .retryAfter(RETRY)
          .exception();
    }
    request.setProperty(TAKEN, kib);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(TAKEN) instanceof Integer kib) {
      kibibytes.give(ALL, kib);
    }
  }

  /** Returns {@code body}, which Jersey leaves out if the request has none. */
  static <T> T required(@Nullable T body) {
    if (body == null) {
      throw Problem.of(400, "bad-json", "Bad JSON", "The request needs a body of JSON.")
          .exception();
    }
    return body;
  }
}
