package io.sagitta.torture;

import java.io.Serial;

/** A run cannot go on; the message says why. */
public final class TortureException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Creates one. */
  public TortureException(String message) {
    super(message);
  }

  /** Creates one. */
  public TortureException(String message, Throwable cause) {
    super(message, cause);
  }
}
