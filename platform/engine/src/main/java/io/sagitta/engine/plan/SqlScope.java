package io.sagitta.engine.plan;

import io.sagitta.definition.Spec;
import io.sagitta.definition.SqlStage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What one SQL text may name.
 *
 * @param inputs columns of each input
 * @param tables columns of each table
 * @param tableKeys key columns of each table
 * @param others sources and stages that are not inputs, for messages
 */
record SqlScope(
    Map<String, Schema> inputs,
    Map<String, Schema> tables,
    Map<String, List<String>> tableKeys,
    List<String> others) {

  /** The scope of an expression over one row. */
  static SqlScope ofRow(Schema row, String name) {
    return new SqlScope(Map.of(name, row), Map.of(), Map.of(), List.of());
  }

  /** The scope of a stage's query. */
  static SqlScope of(Spec spec, SqlStage stage, Relations relations) {
    Map<String, Schema> inputs = new LinkedHashMap<>();
    for (String input : stage.inputs()) {
      Schema schema = relations.schema(input).orElseThrow();
      inputs.put(input, stage.window().isPresent() ? Columns.inWindow(schema) : schema);
    }
    Map<String, Schema> tables = new LinkedHashMap<>();
    Map<String, List<String>> keys = new LinkedHashMap<>();
    spec.tables()
        .forEach(
            (name, table) -> {
              tables.put(name, relations.schema(name).orElseThrow());
              keys.put(name, table.key());
            });
    List<String> others = new ArrayList<>(relations.inputNames());
    others.removeAll(stage.inputs());
    return new SqlScope(inputs, tables, keys, others);
  }

  /** Returns the input that SQL calls {@code name}. */
  Optional<String> input(String name) {
    return match(inputs.keySet(), name);
  }

  /** Returns the table that SQL calls {@code name}. */
  Optional<String> table(String name) {
    return match(tables.keySet(), name);
  }

  /** Returns the source or stage, not an input, that SQL calls {@code name}. */
  Optional<String> other(String name) {
    return match(others, name);
  }

  /** Returns every name that a FROM clause may hold. */
  List<String> names() {
    List<String> names = new ArrayList<>(inputs.keySet());
    names.addAll(tables.keySet());
    return names;
  }

  private static Optional<String> match(Iterable<String> names, String name) {
    for (String known : names) {
      if (known.equalsIgnoreCase(name)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }
}
