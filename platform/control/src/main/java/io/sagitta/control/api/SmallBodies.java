package io.sagitta.control.api;

import io.sagitta.service.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/** Refuses long bodies where {@link SmallBody} says so, before a byte of them is read. */
@SmallBody
public final class SmallBodies implements ContainerRequestFilter {
  private static final int MOST_BYTES = 4096;

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getLength() > MOST_BYTES) {
      throw Problem.of(
              413, "too-large", "Body too large", "The most here is " + MOST_BYTES + " bytes.")
          .exception();
    }
  }
}
