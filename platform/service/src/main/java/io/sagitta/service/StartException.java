package io.sagitta.service;

import java.io.Serial;

/** A role cannot start for a reason that its operator can mend; the message is one line. */
public final class StartException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Creates one with what is wrong and how to mend it. */
  public StartException(String message) {
    super(message);
  }
}
