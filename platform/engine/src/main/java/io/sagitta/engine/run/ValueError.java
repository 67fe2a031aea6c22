package io.sagitta.engine.run;

/** A query that fails on the values of some row: a cast, an overflow, a function's own refusal. */
final class ValueError extends Exception {
  private static final long serialVersionUID = 1L;

  private final String detail;

  /**
   * Creates one.
   *
   * @param detail what was wrong with which value
   * @param told what of it a message may tell
   */
  ValueError(String detail, String told) {
    super(told);
    this.detail = detail;
  }

  /**
   * Returns what was wrong with the value, which it may quote: for whoever may see the row, so for
   * quarantine and nothing else.
   */
  String detail() {
    return detail;
  }

  /** Returns what a message may tell of it. */
  String told() {
    return String.valueOf(getMessage());
  }
}
