package io.sagitta.identity;

/** Files that prove an identity cannot be made, read or used; says which, and how to mend it. */
public final class IdentityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IdentityException(String message) {
    super(message);
  }

  IdentityException(String message, Throwable cause) {
    super(message, cause);
  }
}
