package io.sagitta.engine.plan;

import io.sagitta.engine.WireSchemas;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The rule that several inputs of one outlet have the same columns, in the same order. */
final class SameColumns {
  private SameColumns() {}

  /** Adds a problem for each input whose columns are not those of the first. */
  static void check(Findings findings, String path, List<String> inputs, List<Schema> schemas) {
    for (int i = 1; i < inputs.size(); i++) {
      String difference = difference(schemas.get(0), schemas.get(i), inputs.get(0), inputs.get(i));
      if (!difference.isEmpty()) {
        findings.error(
            path + ".inputs[" + i + "]",
            "All inputs must have the same columns in the same order: "
                + difference
                + ". Put a sql stage between that selects them alike.");
      }
    }
  }

  private static String difference(Schema first, Schema other, String firstName, String otherName) {
    for (Field field : first.getFields()) {
      if (Columns.exact(other, field.getName()).isEmpty()) {
        return "'" + otherName + "' has no '" + field.getName() + "'";
      }
    }
    for (Field field : other.getFields()) {
      if (Columns.exact(first, field.getName()).isEmpty()) {
        return "'" + firstName + "' has no '" + field.getName() + "'";
      }
    }
    for (int i = 0; i < first.getFields().size(); i++) {
      Field a = first.getFields().get(i);
      Field b = other.getFields().get(i);
      if (!a.getName().equals(b.getName())) {
        return "column "
            + (i + 1)
            + " is '"
            + a.getName()
            + "' in '"
            + firstName
            + "' and '"
            + b.getName()
            + "' in '"
            + otherName
            + "'";
      }
      if (!text(a).equals(text(b))) {
        return "'"
            + a.getName()
            + "' is "
            + text(a)
            + " in '"
            + firstName
            + "' and "
            + text(b)
            + " in '"
            + otherName
            + "'";
      }
    }
    return "";
  }

  private static String text(Field field) {
    String type = ColumnTypes.of(field.getType()).map(Object::toString).orElse("?");
    String unit = field.getMetadata().get(WireSchemas.UNIT);
    return unit == null ? type : type + " in " + unit;
  }
}
