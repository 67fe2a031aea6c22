package io.sagitta.control.quarantine;

import java.util.List;

/**
 * What a replay did.
 *
 * @param replayed rows that went back now
 * @param already rows that had gone back before, and did not once more
 * @param finished rows of an earlier replay that broke off, and went back now
 * @param stayed rows that cannot go back
 * @param reasons some of those rows, and why
 * @param more whether there are others: ask again for them
 */
public record ReplayReport(
    String tenant,
    String pipeline,
    long replayed,
    long already,
    long finished,
    long stayed,
    List<Stayed> reasons,
    boolean more) {
  public ReplayReport {
    reasons = List.copyOf(reasons);
  }

  /** A row that cannot go back, and why. */
  public record Stayed(String position, String why) {}
}
