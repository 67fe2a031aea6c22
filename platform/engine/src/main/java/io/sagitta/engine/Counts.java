package io.sagitta.engine;

/**
 * The ledger of one stage: what became of the rows that came to it.
 *
 * @param in rows that came
 * @param out rows it made
 * @param filtered rows that its query dropped; for a windowed stage, rows that fired windows took
 *     up
 * @param duplicates rows that a dedupe stage dropped
 * @param quarantined rows that broke an expectation or could not be read
 * @param late rows whose windows had closed
 * @param held rows waiting in open windows; the only figure that may fall
 */
public record Counts(
    long in, long out, long filtered, long duplicates, long quarantined, long late, long held) {
  /** Nothing yet. */
  public static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, 0);

  /** Returns the sum of both, figure by figure. */
  public Counts plus(Counts other) {
    return new Counts(
        in + other.in,
        out + other.out,
        filtered + other.filtered,
        duplicates + other.duplicates,
        quarantined + other.quarantined,
        late + other.late,
        held + other.held);
  }
}
