package io.sagitta.connectors.jdbc;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Which PostgreSQL types hold which Arrow types. */
final class PostgresType {
  private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(\\d+)\\)");

  private PostgresType() {}

  /** Returns the type of a new column. */
  static Optional<String> of(Field field) {
    ArrowType type = field.getType();
    if (type instanceof ArrowType.Int number) {
      int bits = number.getIsSigned() ? number.getBitWidth() : 2 * number.getBitWidth();
      return Optional.of(
          bits <= 16 ? "smallint" : bits <= 32 ? "integer" : bits <= 64 ? "bigint" : "numeric");
    } else if (type instanceof ArrowType.FloatingPoint real) {
      return switch (real.getPrecision()) {
        case SINGLE -> Optional.of("real");
        case DOUBLE -> Optional.of("double precision");
        case HALF -> Optional.empty();
      };
    } else if (type instanceof ArrowType.Decimal decimal) {
      return decimal.getBitWidth() == 128
          ? Optional.of("numeric(" + decimal.getPrecision() + "," + decimal.getScale() + ")")
          : Optional.empty();
    } else if (type instanceof ArrowType.Timestamp at) {
      return at.getUnit() != TimeUnit.MICROSECOND
          ? Optional.empty()
          : Optional.of(
              at.getTimezone() == null
                  ? "timestamp without time zone"
                  : "timestamp with time zone");
    }
    return switch (type.getTypeID()) {
      case Bool -> Optional.of("boolean");
      case Utf8 -> Optional.of("text");
      case Binary -> Optional.of("bytea");
      case Date -> Optional.of("date");
      default -> Optional.empty();
    };
  }

  /** Returns whether a column of {@code type} holds each value of {@code field} unchanged. */
  static boolean fits(Field field, String type) {
    Optional<String> own = of(field);
    if (own.isEmpty()) {
      return false;
    } else if (own.get().equals(type)) {
      return true;
    }
    ArrowType arrow = field.getType();
    if (arrow instanceof ArrowType.Int) {
      return type.equals("bigint")
          || type.equals("numeric")
          || (type.equals("integer") && own.get().equals("smallint"));
    } else if (arrow instanceof ArrowType.FloatingPoint real) {
      return real.getPrecision() == FloatingPointPrecision.SINGLE
          && type.equals("double precision");
    } else if (arrow instanceof ArrowType.Decimal decimal) {
      Matcher wider = NUMERIC.matcher(type);
      return type.equals("numeric")
          || (wider.matches()
              && Integer.parseInt(wider.group(2)) >= decimal.getScale()
              && Integer.parseInt(wider.group(1)) - Integer.parseInt(wider.group(2))
                  >= decimal.getPrecision() - decimal.getScale());
    }
    // A length limit may refuse a value, never change one.
    return arrow instanceof ArrowType.Utf8 && type.startsWith("character varying");
  }
}
