package io.sagitta.control.quarantine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;

/**
 * Which rows shall go back from quarantine to their source: those at {@code positions}, those with
 * {@code reason} or that failed at {@code stage}, or {@code all}.
 *
 * @param positions as a list of quarantine gives them
 * @param mended rows to send in the place of those that are kept; if nothing else is said, these
 *     are the ones that go back
 * @param author who wants it
 */
public record ReplayOrder(
    List<String> positions,
    String reason,
    String stage,
    boolean all,
    List<MendedRow> mended,
    String author) {
  public ReplayOrder {
    // A key that JSON leaves out is null here.
    positions = List.copyOf(Objects.requireNonNullElse(positions, List.of()));
    reason = Objects.requireNonNullElse(reason, "");
    stage = Objects.requireNonNullElse(stage, "");
    mended = List.copyOf(Objects.requireNonNullElse(mended, List.of()));
    author = Objects.requireNonNullElse(author, "unknown");
  }

  /**
   * A row as it should have been.
   *
   * @param position of the row that it takes the place of
   * @param row the source's columns; a sensitive value may stay masked, and is then the one kept
   */
  public record MendedRow(String position, JsonNode row) {}

  /** Returns this as asked by {@code somebody}. */
  public ReplayOrder by(String somebody) {
    return new ReplayOrder(positions, reason, stage, all, mended, somebody);
  }

  /** Returns whether rows are chosen by what they are, and not by their positions. */
  boolean byKind() {
    return all || !reason.isEmpty() || !stage.isEmpty();
  }

  /** Returns whether a row is one of {@code kind}. */
  boolean isOfKind(KeptRow row) {
    return byKind()
        && (reason.isEmpty() || row.reason().equals(reason))
        && (stage.isEmpty() || row.stage().equals(stage));
  }
}
