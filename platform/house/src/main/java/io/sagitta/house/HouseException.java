package io.sagitta.house;

import java.io.Serial;

/** A local platform cannot start; the message says why and what to do. */
public final class HouseException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Creates one. */
  public HouseException(String message) {
    super(message);
  }
}
