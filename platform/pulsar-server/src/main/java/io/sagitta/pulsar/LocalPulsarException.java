package io.sagitta.pulsar;

/**
 * The local Pulsar cannot be found, started or stopped. The message says what is wrong and how to
 * mend it.
 */
public final class LocalPulsarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LocalPulsarException(String message) {
    super(message);
  }

  LocalPulsarException(String message, Throwable cause) {
    super(message, cause);
  }
}
