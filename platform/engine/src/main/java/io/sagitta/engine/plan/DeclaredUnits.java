package io.sagitta.engine.plan;

import io.sagitta.definition.Schema;
import io.sagitta.definition.Spec;

/** The rule that every declared unit is one that there is. */
final class DeclaredUnits {
  private DeclaredUnits() {}

  /** Adds a problem for each unknown unit of a source's or table's column. */
  static void check(Spec spec, Findings findings) {
    spec.sources().forEach((name, s) -> check("spec.sources." + name, s.schema(), findings));
    spec.tables().forEach((name, t) -> check("spec.tables." + name, t.schema(), findings));
  }

  private static void check(String path, Schema schema, Findings findings) {
    schema
        .fields()
        .forEach(
            field ->
                field
                    .unit()
                    .filter(unit -> UnitSymbols.find(unit).isEmpty())
                    .ifPresent(
                        unit ->
                            findings.error(
                                path + ".schema." + field.name() + ".unit",
                                UnitSymbols.unknown(unit))));
  }
}
