package io.sagitta.engine.plan;

import io.sagitta.definition.DataType;
import io.sagitta.engine.WireSchemas;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * How the types of definitions, of Arrow and of SQL answer to one another.
 *
 * <p>A result is narrowed to the declared types: integers without a counterpart become the next
 * wider signed one, 128-bit ones (which {@code sum} yields) int64, checked when the query runs;
 * timestamps without a zone are UTC.
 */
public final class ColumnTypes {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");

  private ColumnTypes() {}

  /** Returns the SQL type of a column of type {@code type}. */
  public static String sql(ArrowType type) {
    return sql(
        of(type).orElseThrow(() -> new IllegalArgumentException("Not a column type: " + type)));
  }

  /** Returns the SQL type of {@code type}. */
  static String sql(DataType type) {
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

  /** Returns the declared type that lies in Arrow as {@code type}. */
  static Optional<DataType> of(ArrowType type) {
    if (type instanceof ArrowType.Decimal decimal) {
      return Optional.of(
          new DataType(DataType.Kind.DECIMAL, decimal.getPrecision(), decimal.getScale()));
    }
    for (DataType.Kind kind : DataType.Kind.values()) {
      if (kind != DataType.Kind.DECIMAL && WireSchemas.of(DataType.of(kind)).equals(type)) {
        return Optional.of(DataType.of(kind));
      }
    }
    return Optional.empty();
  }

  /** Returns the declared type that a result of SQL type {@code sqlType} takes, if one can. */
  static Optional<DataType> ofResult(String sqlType) {
    var decimal = DECIMAL.matcher(sqlType);
    if (decimal.matches()) {
      return Optional.of(
          new DataType(
              DataType.Kind.DECIMAL,
              Integer.parseInt(decimal.group(1)),
              Integer.parseInt(decimal.group(2))));
    }
    return switch (sqlType) {
      case "BOOLEAN" -> Optional.of(DataType.of(DataType.Kind.BOOLEAN));
      case "TINYINT" -> Optional.of(DataType.of(DataType.Kind.INT8));
      case "SMALLINT", "UTINYINT" -> Optional.of(DataType.of(DataType.Kind.INT16));
      case "INTEGER", "USMALLINT" -> Optional.of(DataType.of(DataType.Kind.INT32));
      case "BIGINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT" ->
          Optional.of(DataType.of(DataType.Kind.INT64));
      case "FLOAT" -> Optional.of(DataType.of(DataType.Kind.FLOAT));
      case "DOUBLE" -> Optional.of(DataType.of(DataType.Kind.DOUBLE));
      case "VARCHAR", "JSON" -> Optional.of(DataType.of(DataType.Kind.STRING));
      case "BLOB" -> Optional.of(DataType.of(DataType.Kind.BINARY));
      case "DATE" -> Optional.of(DataType.of(DataType.Kind.DATE));
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS" ->
          Optional.of(DataType.of(DataType.Kind.TIMESTAMP));
      default -> Optional.empty();
    };
  }

  /** Returns how an author turns a result of SQL type {@code sqlType} into one that has a place. */
  static String mend(String sqlType, String column) {
    String name = Names.quoted(column);
    if (sqlType.endsWith("]")) {
      return "Lists cannot leave a stage: write array_to_string("
          + name
          + ", ',') AS "
          + name
          + ", or take one item.";
    }
    if (sqlType.startsWith("STRUCT") || sqlType.startsWith("MAP")) {
      return "Name the values that you want, one column each, or write CAST(to_json("
          + name
          + ") AS VARCHAR) AS "
          + name
          + ".";
    }
    return switch (sqlType) {
      case "INTERVAL" -> "For seconds write date_part('epoch', " + name + ") AS " + name + ".";
      default -> "Write CAST(" + name + " AS VARCHAR) AS " + name + ".";
    };
  }
}
