package io.sagitta.engine.run;

/** The failure of a stage that is no single row's fault: the task cannot go on with its step. */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String stage;
  private final String reason;

  /** Says that {@code stage} fails because of {@code reason}. */
  public EngineException(String stage, String reason) {
    super("Stage '" + stage + "' fails: " + reason);
    this.stage = stage;
    this.reason = reason;
  }

  /** Says that {@code stage} fails because of {@code reason}, which {@code cause} brought about. */
  public EngineException(String stage, String reason, Throwable cause) {
    super("Stage '" + stage + "' fails: " + reason, cause);
    this.stage = stage;
    this.reason = reason;
  }

  /** Returns the source or stage that fails. */
  public String stage() {
    return stage;
  }

  /** Returns what is wrong, and how to mend it where that is known. */
  public String reason() {
    return reason;
  }
}
