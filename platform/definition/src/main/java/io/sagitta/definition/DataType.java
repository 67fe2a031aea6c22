package io.sagitta.definition;

import io.sagitta.definition.options.Written;
import java.util.Optional;

/**
 * The type of a column, as written in a definition: {@code int32}, {@code string}, {@code
 * decimal(12,2)}.
 *
 * @param kind which family of values
 * @param precision total digits of a decimal, 0 for every other kind
 * @param scale digits after the point of a decimal, 0 for every other kind
 */
@Written(
    words =
        "a type: boolean, int8, int16, int32, int64, float, double, decimal(p,s), string, binary,"
            + " date or timestamp",
    pattern =
        "boolean|int8|int16|int32|int64|float|double|decimal\\([0-9]{1,2}, *[0-9]{1,2}\\)|string|binary|date|timestamp")
public record DataType(Kind kind, int precision, int scale) {

  /** The families of values; {@link #TIMESTAMP} is an instant in microseconds, UTC. */
  public enum Kind {
    BOOLEAN,
    INT8,
    INT16,
    INT32,
    INT64,
    FLOAT,
    DOUBLE,
    DECIMAL,
    STRING,
    BINARY,
    DATE,
    TIMESTAMP
  }

  /** Returns the type of {@code kind} without parameters. */
  public static DataType of(Kind kind) {
    return new DataType(kind, 0, 0);
  }

  /** Returns whether values are numbers, so that a unit makes sense. */
  public boolean isNumeric() {
    return switch (kind) {
      case INT8, INT16, INT32, INT64, FLOAT, DOUBLE, DECIMAL -> true;
      case BOOLEAN, STRING, BINARY, DATE, TIMESTAMP -> false;
    };
  }

  /** Parses a type as written in a definition; empty if there is no such type. */
  public static Optional<DataType> parse(String text) {
    var decimal =
        java.util.regex.Pattern.compile("decimal\\(([0-9]{1,2}), *([0-9]{1,2})\\)").matcher(text);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      return precision >= 1 && precision <= 38 && scale <= precision
          ? Optional.of(new DataType(Kind.DECIMAL, precision, scale))
          : Optional.empty();
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.DECIMAL && kind.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
        return Optional.of(of(kind));
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return kind == Kind.DECIMAL
        ? "decimal(" + precision + "," + scale + ")"
        : kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
