package io.sagitta.control.apply;

import io.sagitta.service.Problem;
import io.sagitta.service.ProblemException;
import io.sagitta.transport.Deployment;
import io.sagitta.transport.PipelineId;
import java.util.List;
import java.util.Optional;

/** Answers to requests that are not granted. */
public final class Refusals {
  private Refusals() {}

  /** The definition has errors. */
  static ProblemException invalid(List<ProblemLine> errors) {
    return Problem.of(
            422,
            "invalid-definition",
            "Invalid definition",
            errors.size() == 1
                ? "The definition has an error."
                : "The definition has " + errors.size() + " errors.")
        .with("errors", errors)
        .exception();
  }

  /** What runs cannot become what is asked for. */
  static ProblemException incompatible(PipelineId pipeline, List<ProblemLine> errors) {
    return Problem.of(
            409,
            "incompatible-revision",
            "Incompatible revision",
            pipeline + " runs, and what it holds cannot be carried over. " + Compatibility.MENDING)
        .with("errors", errors)
        .exception();
  }

  /** Another pipeline reads a stream that would go. */
  static ProblemException inUse(PipelineId pipeline, List<String> readers) {
    return Problem.of(
            409,
            "stream-in-use",
            "Streams are in use",
            pipeline + " cannot go: other pipelines read its streams. Delete or change them first.")
        .with("errors", readers)
        .exception();
  }

  /** A table's content is not there or not what the definition says. */
  static ProblemException badTable(List<String> errors) {
    return Problem.of(422, "bad-table", "Bad table", "Tables cannot be taken as they were sent.")
        .with("errors", errors)
        .exception();
  }

  /** There is no earlier revision to go back to. */
  static ProblemException notKept(Deployment running, Optional<Long> wanted) {
    List<Long> kept = running.previous().stream().map(Deployment.Earlier::revision).toList();
    return Problem.of(
            404,
            "unknown-revision",
            "Unknown revision",
            (wanted.isPresent()
                    ? "Revision " + wanted.get() + " of " + running.id() + " is not kept."
                    : running.id() + " has no earlier revision.")
                + (kept.isEmpty() ? "" : " These are kept: " + kept + "."))
        .exception();
  }

  /**
   * The revision that runs was applied by a version of Sagitta that took what this one does not.
   */
  public static ProblemException unplannable() {
    return Problem.of(
            409,
            "unplannable",
            "Not plannable",
            "This version of Sagitta cannot plan the revision that runs.")
        .exception();
  }

  /** There is no such pipeline. */
  public static ProblemException unknown(PipelineId pipeline) {
    return Problem.of(
            404, "unknown-pipeline", "Unknown pipeline", "There is no pipeline " + pipeline + ".")
        .exception();
  }
}
