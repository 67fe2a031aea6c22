package io.sagitta.engine.plan;

import io.sagitta.engine.WireSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Questions about the columns of a schema. */
final class Columns {
  private static final Set<String> OF_WINDOW =
      Set.of(WireSchemas.WINDOW_START, WireSchemas.WINDOW_END);

  private Columns() {}

  static List<String> names(Schema schema) {
    return schema.getFields().stream().map(Field::getName).toList();
  }

  /** Returns the column that SQL calls {@code name}. */
  static Optional<Field> find(Schema schema, String name) {
    return schema.getFields().stream().filter(f -> f.getName().equalsIgnoreCase(name)).findFirst();
  }

  /** Returns the column whose name is {@code name} to the letter. */
  static Optional<Field> exact(Schema schema, String name) {
    return schema.getFields().stream().filter(f -> f.getName().equals(name)).findFirst();
  }

  /** Returns the columns under which a windowed stage sees an input with {@code schema}. */
  static Schema inWindow(Schema schema) {
    List<Field> fields = new ArrayList<>(schema.getFields());
    fields.removeIf(f -> OF_WINDOW.contains(Names.folded(f.getName())));
    fields.add(Field.nullable(WireSchemas.WINDOW_START, WireSchemas.TIMESTAMP));
    fields.add(Field.nullable(WireSchemas.WINDOW_END, WireSchemas.TIMESTAMP));
    return new Schema(fields);
  }

  /** Adds a problem for each column of {@code keys}, at {@code path}, that is not in the schema. */
  static void requireAll(
      Findings findings, String path, List<String> keys, Schema schema, String owner) {
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      if (exact(schema, key).isEmpty()) {
        findings.error(
            path + "[" + i + "]",
            "'" + owner + "' has no column '" + key + "'." + Names.suggestion(key, names(schema)));
      }
    }
  }
}
