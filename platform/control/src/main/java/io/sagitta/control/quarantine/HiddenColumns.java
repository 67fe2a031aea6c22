package io.sagitta.control.quarantine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sagitta.definition.Field;
import io.sagitta.engine.Plan;
import io.sagitta.engine.Quarantine;
import io.sagitta.engine.codec.RejectReason;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which columns of rows in quarantine people must not see: the sensitive ones; and all of a row
 * that does not fit a source with such columns, since nobody can tell which value stands in which.
 *
 * @param sensitive names of columns
 * @param sources those with such columns
 */
record HiddenColumns(Set<String> sensitive, Set<String> sources) {
  static final HiddenColumns NONE = new HiddenColumns(Set.of(), Set.of());

  static HiddenColumns of(Plan plan) {
    Set<String> sources =
        plan.definition().spec().sources().entrySet().stream()
            .filter(s -> s.getValue().schema().fields().stream().anyMatch(Field::sensitive))
            .map(e -> e.getKey())
            .collect(Collectors.toUnmodifiableSet());
    return new HiddenColumns(Set.copyOf(plan.sensitive()), sources);
  }

  /** Returns whether {@code row} came to a source with sensitive columns, and does not fit it. */
  private boolean isUnfit(KeptRow row) {
    return sources.contains(row.stage()) && RejectReason.of(row.reason()).isPresent();
  }

  /** Returns those of {@code row}, whose columns are those of {@code object}. */
  Set<String> in(KeptRow row, ObjectNode object) {
    if (!isUnfit(row)) {
      return sensitive;
    }
    Set<String> all = new HashSet<>();
    object.fieldNames().forEachRemaining(all::add);
    return all;
  }

  /** Returns {@code detail} of {@code row} without what it may quote. */
  String detail(KeptRow row, String detail, Optional<ObjectNode> object) {
    if (row.reason().equals(Quarantine.ERROR) && !sensitive.isEmpty()) {
      // An engine quotes what a query made of a row, or another row of its window.
      return RowJson.MASK;
    }
    String told = isUnfit(row) ? RowJson.withoutQuotes(detail) : detail;
    return RowJson.masked(told, object, object.map(o -> in(row, o)).orElse(sensitive));
  }
}
