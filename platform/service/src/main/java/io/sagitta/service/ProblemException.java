package io.sagitta.service;

import java.io.Serial;

/** Ends a request with a {@link Problem}. */
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    // No stack trace: it is an answer to a client, thrown often and logged never.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** Returns the answer. */
  public Problem problem() {
    return problem;
  }
}
