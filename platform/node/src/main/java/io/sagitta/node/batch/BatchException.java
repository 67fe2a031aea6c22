package io.sagitta.node.batch;

import java.io.Serial;

/** A run failed, and left every sink as it was; the message says where, what and how to mend it. */
public final class BatchException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Creates one. */
  public BatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
