package io.sagitta.connectors.file;

import io.sagitta.connectors.ConnectorException;
import io.sagitta.definition.DataType;
import io.sagitta.definition.Field;
import io.sagitta.definition.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the columns of a file that has types of its own become the declared ones: found by name,
 * converted only where no value changes its meaning. A value that does not fit makes its row a
 * reject; a column of another kind, the whole file an error.
 *
 * @param columns the declared columns, as a select list
 * @param reason an expression that gives why a row is rejected, or NULL; empty if none can be
 * @param detail an expression that says what exactly is wrong with a rejected row
 */
record ColumnMapping(String columns, Optional<String> reason, String detail) {
  private static final String FIRST_TIME = "TIMESTAMPTZ '0001-01-01 00:00:00+00'";
  private static final String LAST_TIME = "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'";

  /**
   * Maps the columns of one file.
   *
   * @param present DuckDB's types by name
   * @param eventTime the column without which a row has no time
   */
  static ColumnMapping of(
      String file, Map<String, String> present, Schema schema, Optional<String> eventTime)
      throws ConnectorException {
    return of(file, present, schema, eventTime, Set.of());
  }

  /**
   * Maps the columns of one file, of which {@code sound} are known to have a value in each row, and
   * if they are timestamps, one between the years 1 and 9999.
   */
  static ColumnMapping of(
      String file,
      Map<String, String> present,
      Schema schema,
      Optional<String> eventTime,
      Set<String> sound)
      throws ConnectorException {
    List<String> columns = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    List<String> details = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Field field : schema.fields()) {
      boolean isTime = eventTime.filter(field.name()::equals).isPresent();
      String name = PartitionColumn.quote(field.name());
      String type = sqlType(field.type());
      String own = present.getOrDefault(field.name(), "");
      if (own.isEmpty()) {
        columns.add("CAST(NULL AS " + type + ") AS " + name);
        if (field.required() || isTime) {
          problems.add("has no column " + field.name() + ", which is required");
        }
        continue;
      }
      if (!converts(own, field.type())) {
        problems.add(
            "has column " + field.name() + " as " + own + ", but the schema says " + field.type());
        continue;
      }
      String value = value(name, own, type);
      columns.add(value + " AS " + name);
      boolean isSound = sound.contains(field.name());
      if (isSound && own.startsWith("TIMESTAMP")) {
        continue;
      }
      misfit(name, value, own, field.type())
          .ifPresent(
              condition -> {
                String word = isTime ? "bad_event_time" : "out_of_range";
                reasons.add("WHEN " + condition + " THEN '" + word + "'");
                details.add("WHEN " + condition + " THEN " + text(field, name));
              });
      if ((field.required() || isTime) && !isSound) {
        String word = isTime ? "bad_event_time" : "missing_required";
        String what = field.name() + " is missing";
        reasons.add("WHEN " + name + " IS NULL THEN '" + word + "'");
        details.add("WHEN " + name + " IS NULL THEN " + quoted(what));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConnectorException(
          file + " " + String.join("; ", problems) + ". Correct the file or the schema");
    }
    return new ColumnMapping(
        String.join(", ", columns),
        reasons.isEmpty()
            ? Optional.empty()
            : Optional.of("CASE " + String.join(" ", reasons) + " END"),
        reasons.isEmpty() ? "NULL" : "CASE " + String.join(" ", details) + " END");
  }

  /** The cast from TIMESTAMP asks a calendar about time zones, and costs fifteen times as much. */
  private static String value(String name, String own, String type) {
    if (own.equals("TIMESTAMP") && type.equals("TIMESTAMP WITH TIME ZONE")) {
      return "make_timestamptz(epoch_us(" + name + "))";
    }
    return own.equals(type) ? name : "TRY_CAST(" + name + " AS " + type + ")";
  }

  private static String text(Field field, String name) {
    return "concat("
        + quoted(field.name() + ": '")
        + ", CAST("
        + name
        + " AS VARCHAR), "
        + quoted("' does not fit " + field.type())
        + ")";
  }

  /** Returns the condition under which a value is lost or changed on its way to {@code to}. */
  private static Optional<String> misfit(String name, String value, String own, DataType to) {
    if (own.equals("TIMESTAMP")) {
      return Optional.of(
          "%s NOT BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"
              .formatted(name));
    }
    if (to.kind() == DataType.Kind.TIMESTAMP) {
      return Optional.of(
          "%s IS NOT NULL AND coalesce(NOT %s BETWEEN %s AND %s, true)"
              .formatted(name, value, FIRST_TIME, LAST_TIME));
    }
    if (name.equals(value) || isLossless(own, to)) {
      return Optional.empty();
    }
    return switch (to.kind()) {
      case FLOAT, DOUBLE -> Optional.of(name + " IS NOT NULL AND " + value + " IS NULL");
      default -> Optional.of(value + " IS DISTINCT FROM " + name);
    };
  }

  private static boolean isLossless(String own, DataType to) {
    List<String> integers = List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT");
    int rank = integers.indexOf(own);
    return switch (to.kind()) {
      case STRING, DOUBLE -> true;
      case BOOLEAN, BINARY, DATE -> own.equals(sqlType(to));
      case INT8, INT16, INT32, INT64 -> rank >= 0 && rank <= integers.indexOf(sqlType(to));
      case FLOAT, DECIMAL, TIMESTAMP -> false;
    };
  }

  private static boolean converts(String own, DataType to) {
    boolean number = own.startsWith("DECIMAL") || own.endsWith("INT") || own.endsWith("INTEGER");
    return switch (to.kind()) {
      case BOOLEAN -> own.equals("BOOLEAN");
      case INT8, INT16, INT32, INT64, DECIMAL, FLOAT, DOUBLE ->
          number || own.equals("FLOAT") || own.equals("DOUBLE");
      case STRING -> own.equals("VARCHAR") || own.equals("UUID") || own.startsWith("ENUM");
      case BINARY -> own.equals("BLOB");
      case DATE -> own.equals("DATE");
      case TIMESTAMP -> own.startsWith("TIMESTAMP") || own.equals("DATE");
    };
  }

  /** Returns DuckDB's name of {@code type}. */
  static String sqlType(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "BOOLEAN";
      case INT8 -> "TINYINT";
      case INT16 -> "SMALLINT";
      case INT32 -> "INTEGER";
      case INT64 -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case DECIMAL -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
      case STRING -> "VARCHAR";
      case BINARY -> "BLOB";
      case DATE -> "DATE";
      case TIMESTAMP -> "TIMESTAMP WITH TIME ZONE";
    };
  }

  /** Returns {@code text} as a SQL string. */
  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
