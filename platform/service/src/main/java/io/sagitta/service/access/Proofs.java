package io.sagitta.service.access;

import jakarta.servlet.http.HttpServletRequest;

/** Finds out who sends a request. */
@FunctionalInterface
public interface Proofs {
  /** Returns who it is; unproven if the request proves nothing, or wrongly. */
  Caller caller(HttpServletRequest request);

  /** Asks for no proof. */
  static Proofs none() {
    return request -> Caller.unproven("nothing is proven here", request.getRemoteAddr());
  }
}
