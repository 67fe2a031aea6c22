package io.sagitta.connectors;

import io.sagitta.engine.WireSchemas;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Columns whose values no message may show, since messages go to logs and to whoever may see how a
 * pipeline is: those that a definition marks {@code sensitive: true}, and what queries make of
 * them.
 */
public final class SensitiveColumns {
  private SensitiveColumns() {}

  /** Returns the names of those of {@code schema}. */
  public static List<String> in(Schema schema) {
    return schema.getFields().stream()
        .filter(WireSchemas::isSensitive)
        .map(Field::getName)
        .toList();
  }
}
