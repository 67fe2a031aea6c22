package io.sagitta.identity;

/** A token proves nobody. The message says why: for the log, not for whoever showed the token. */
public final class RefusedTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedTokenException(String message) {
    super(message);
  }
}
