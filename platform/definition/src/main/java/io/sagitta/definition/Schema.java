package io.sagitta.definition;

import io.sagitta.definition.options.KeyedBy;
import java.util.List;
import java.util.Optional;

/**
 * The declared columns of a source or table, in the order of the definition.
 *
 * @param fields the columns; names are unique
 */
@KeyedBy("name")
public record Schema(List<Field> fields) {
  public Schema {
    fields = List.copyOf(fields);
  }

  /** Returns the column called {@code name}. */
  public Optional<Field> field(String name) {
    return fields.stream().filter(f -> f.name().equals(name)).findFirst();
  }
}
