package io.sagitta.transport;

import java.io.Serial;

/** Somebody else holds what only one may hold: a journal, or a producer's name. */
public final class FencedOutException extends TransportException {
  @Serial private static final long serialVersionUID = 1;

  FencedOutException(String message, Throwable cause) {
    super(message, cause);
  }
}
