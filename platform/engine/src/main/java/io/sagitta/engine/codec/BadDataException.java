package io.sagitta.engine.codec;

/**
 * Bytes from outside that cannot be taken as a whole: truncated, damaged, of the wrong columns or
 * too big. The message says where, what, and how to mend it; it is meant for the sender.
 */
public final class BadDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message for the sender. */
  public BadDataException(String message) {
    super(message);
  }

  /** Creates one with a message for the sender, and what led to it. */
  public BadDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
