package io.sagitta.control.quarantine;

import java.util.List;

/**
 * Rows in quarantine, oldest first.
 *
 * @param next what to ask {@code after} for the rows behind these
 * @param counts of all rows that were looked at, whether listed or not
 * @param looked how many rows those are
 * @param complete whether there are no others behind {@code after}
 */
public record QuarantineList(
    List<QuarantinedRow> rows,
    String next,
    List<ReasonCount> counts,
    long looked,
    boolean complete) {
  public QuarantineList {
    rows = List.copyOf(rows);
    counts = List.copyOf(counts);
  }

  /** How many rows failed at one stage for one reason. */
  public record ReasonCount(String stage, String reason, long rows) {}
}
