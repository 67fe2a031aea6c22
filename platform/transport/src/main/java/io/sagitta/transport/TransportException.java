package io.sagitta.transport;

import java.io.Serial;

/** Pulsar failed or refused; the message says what and how to mend it. */
public class TransportException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** Creates one without a cause. */
  public TransportException(String message) {
    super(message);
  }

  /** Creates one with the cause. */
  public TransportException(String message, Throwable cause) {
    super(message, cause);
  }
}
