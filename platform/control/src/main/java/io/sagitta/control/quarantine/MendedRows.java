package io.sagitta.control.quarantine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.service.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rows that somebody has corrected, by the place of what they take the place of. */
final class MendedRows {
  private final Map<String, ObjectNode> rows;
  private final HiddenColumns hidden;

  private MendedRows(Map<String, ObjectNode> rows, HiddenColumns hidden) {
    this.rows = rows;
    this.hidden = hidden;
  }

  /**
   * Returns the rows of {@code order}.
   *
   * @throws io.sagitta.service.ProblemException if one is no object
   */
  static MendedRows of(ReplayOrder order, HiddenColumns hidden) {
    Map<String, ObjectNode> rows = new TreeMap<>();
    for (ReplayOrder.MendedRow mended : order.mended()) {
      if (!(mended.row() instanceof ObjectNode row)) {
        throw Problem.of(
                400,
                "bad-row",
                "Bad row",
                "The mended row of " + mended.position() + " is no JSON object.")
            .exception();
      }
      rows.put(RowPlace.parse(mended.position()).toString(), row);
    }
    return new MendedRows(rows, hidden);
  }

  boolean has(RowPlace place) {
    return rows.containsKey(place.toString());
  }

  /** Returns what shall go back for {@code kept}; empty if it cannot be read and is not mended. */
  Optional<ObjectNode> of(KeptRow kept) {
    Optional<ObjectNode> original = kept.row().flatMap(RowJson::parse);
    Optional<ObjectNode> mended = Optional.ofNullable(rows.get(kept.place().toString()));
    return mended
        .map(
            row ->
                original.map(was -> RowJson.unmasked(row, was, hidden.in(kept, was))).orElse(row))
        .or(() -> original);
  }
}
