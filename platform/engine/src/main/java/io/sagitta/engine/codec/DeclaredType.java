package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import io.sagitta.definition.DataType.Kind;
import io.sagitta.engine.WireSchemas;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** The declared type behind a column of a wire schema: {@link WireSchemas} backwards. */
final class DeclaredType {
  private DeclaredType() {}

  /** Returns the type, or throws if a declaration cannot have led to the column. */
  static DataType of(Field field) {
    if (field.getType() instanceof ArrowType.Decimal decimal && decimal.getBitWidth() == 128) {
      return new DataType(Kind.DECIMAL, decimal.getPrecision(), decimal.getScale());
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.DECIMAL && WireSchemas.of(DataType.of(kind)).equals(field.getType())) {
        return DataType.of(kind);
      }
    }
    throw new IllegalArgumentException(
        "Column " + field.getName() + " is of type " + field.getType() + ", which none declares");
  }
}
