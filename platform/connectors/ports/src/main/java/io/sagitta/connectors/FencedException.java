package io.sagitta.connectors;

import java.io.Serial;

/** Another owner of the task has committed: this one must stop. */
public final class FencedException extends ConnectorException {
  @Serial private static final long serialVersionUID = 1;

  /** Creates one. */
  public FencedException(String message) {
    super(message);
  }
}
