package io.sagitta.connectors;

import java.io.Serial;

/** A system outside failed or refused; the message says which, what and how to mend it. */
public class ConnectorException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Creates one without a cause. */
  public ConnectorException(String message) {
    super(message);
  }

  /** Creates one with the cause. */
  public ConnectorException(String message, Throwable cause) {
    super(message, cause);
  }
}
