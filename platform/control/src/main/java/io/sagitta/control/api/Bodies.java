package io.sagitta.control.api;

import io.sagitta.service.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Bounds on request bodies: each says its length, and none is huge. */
public final class Bodies implements ContainerRequestFilter {
  /** The most bytes of a body: a definition and its tables. */
  public static final int MOST_BYTES = 256 << 20;

  /** The most characters of one string in it: a table of 64 MiB in Base64. */
  public static final int MOST_STRING = 90 << 20;

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
    if (request.getLength() > MOST_BYTES) {
      throw Problem.of(
              413,
              "too-large",
              "Body too large",
              "The body has " + request.getLength() + " bytes; the most is " + MOST_BYTES + ".")
          .exception();
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
