package io.sagitta.control.quarantine;

import io.sagitta.definition.Source;
import io.sagitta.definition.Spec;
import io.sagitta.definition.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a row can go back from where it failed to the source it came from.
 *
 * <p>Quarantine keeps a row as it came to the stage where it failed. That is the source's own row
 * only if it failed at the source, or at a stage that reads the source itself. And if something
 * else reads that source, too, it has had the row already: a replay would give it twice.
 */
sealed interface WayBack {
  /** The row can go back. */
  record To(String name, Source source) implements WayBack {}

  /** The row stays in quarantine; {@code why} says what else can be done. */
  record None(String why) implements WayBack {}

  /** The reason of rows whose windows had closed. */
  String LATE = "late";

  /** Returns the way back of a row that failed at {@code stage} because of {@code reason}. */
  static WayBack of(Spec spec, String stage, String reason) {
    if (spec.mode() == Spec.Mode.BATCH) {
      return new None("a batch pipeline has no open source; correct the input and run it again");
    } else if (reason.equals(LATE)) {
      return new None("it came late, and late rows come back only as a batch correction");
    }
    Source failedAtOnce = spec.sources().get(stage);
    if (failedAtOnce != null) {
      return new To(stage, failedAtOnce);
    }
    Stage failed = spec.stages().get(stage);
    if (failed == null) {
      return new None("the revision that runs has no source or stage '" + stage + "'");
    } else if (failed.inputs().size() > 1) {
      return new None("stage '" + stage + "' joins several inputs; " + CORRECT);
    }
    String input = failed.inputs().get(0);
    Source source = spec.sources().get(input);
    if (source == null) {
      return new None(
          "stage '" + stage + "' reads stage '" + input + "', not a source; " + CORRECT);
    }
    List<String> others = readers(spec, input);
    others.remove("stage '" + stage + "'");
    return others.isEmpty()
        ? new To(input, source)
        : new None(
            "%s read%s source '%s', too, and would get the row twice; %s"
                .formatted(
                    String.join(", ", others), others.size() == 1 ? "s" : "", input, CORRECT));
  }

  /** What to do with a row that has no way back. */
  String CORRECT = "correct it where it came from, or take it up in a batch correction";

  private static List<String> readers(Spec spec, String input) {
    List<String> readers = new ArrayList<>();
    spec.stages()
        .forEach((name, stage) -> add(readers, stage.inputs().contains(input), "stage", name));
    spec.sinks().forEach((name, sink) -> add(readers, sink.inputs().contains(input), "sink", name));
    spec.streams()
        .forEach((name, stream) -> add(readers, stream.inputs().contains(input), "stream", name));
    return readers;
  }

  private static void add(List<String> readers, boolean reads, String kind, String name) {
    if (reads) {
      readers.add(kind + " '" + name + "'");
    }
  }
}
