package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.sagitta.definition.DataType;
import io.sagitta.engine.WireSchemas;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Gives the columns of an author's query names and types that a stage's result may have. */
final class ResultColumns {
  private final String path;
  private final SqlText text;
  private final Findings findings;

  ResultColumns(String path, SqlText text, Findings findings) {
    this.path = path;
    this.text = text;
    this.findings = findings;
  }

  /** Checks names: each once, and every expression has one. */
  void check(List<Sandbox.Column> columns, JsonNode root) {
    Set<String> seen = new HashSet<>();
    for (Sandbox.Column column : columns) {
      if (!seen.add(Names.folded(column.name()))) {
        findings.inSql(
            path,
            text,
            0,
            "The result has two columns '"
                + column.name()
                + "'. Rename one with AS, or leave it out: SELECT a.* EXCLUDE ("
                + column.name()
                + ").");
      }
      if (column.name().startsWith("__")) {
        findings.inSql(
            path,
            text,
            0,
            "Columns that start with '__' are the engine's own. Rename '" + column.name() + "'.");
      }
    }
    for (JsonNode item : SqlTree.selectList(root)) {
      if (item.path("value").path("is_null").asBoolean()) {
        findings.inSql(
            path,
            text,
            SqlTree.offset(item),
            "This NULL has no type. Say which: CAST(NULL AS VARCHAR), for instance.");
      }
      boolean named =
          !item.path("alias").asText().isEmpty()
              || SqlTree.isExpression(item, "COLUMN_REF")
              || SqlTree.isExpression(item, "STAR");
      if (!named) {
        findings.inSql(
            path, text, SqlTree.offset(item), "This column needs a name: add AS name behind it.");
      }
    }
  }

  /** Returns the stage's column for {@code column}, or adds a problem. */
  Optional<Field> field(Sandbox.Column column, Lineage lineage) {
    Optional<DataType> type = ColumnTypes.ofResult(column.type());
    if (type.isEmpty()) {
      findings.inSql(
          path,
          text,
          0,
          "Column '"
              + column.name()
              + "' has type "
              + column.type()
              + ", which streams do not carry. "
              + ColumnTypes.mend(column.type(), column.name()));
      return Optional.empty();
    }
    if (column.name().equalsIgnoreCase(WireSchemas.EVENT_TIME)
        && type.get().kind() != DataType.Kind.TIMESTAMP) {
      findings.inSql(
          path, text, 0, "'event_time' must be a timestamp, and this is a " + type.get() + ".");
    }
    FieldType described =
        new FieldType(
            true,
            WireSchemas.of(type.get()),
            null,
            lineage.of(column.name(), type.get().isNumeric()));
    return Optional.of(new Field(column.name(), described, null));
  }
}
