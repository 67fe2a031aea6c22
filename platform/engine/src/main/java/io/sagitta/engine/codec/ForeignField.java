package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FixedSizeBinary;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;

/**
 * A column as the schema of somebody else's stream declares it.
 *
 * @param bits width of a value, or of an offset; 0 for NULL's own type
 * @param parameter a decimal's precision, a timestamp's unit, whether an integer is signed (1)
 * @param scale of a decimal
 */
record ForeignField(String name, Kind kind, int bits, int parameter, int scale) {
  /** Types told apart by how values are read. */
  enum Kind {
    NULL,
    BOOL,
    INT,
    FLOAT,
    DECIMAL,
    STRING,
    BINARY,
    FIXED_BINARY,
    DATE_DAY,
    DATE_MILLI,
    TIMESTAMP,
    /** A fixed width that no column of ours takes. */
    OTHER
  }

  /** Reads a field of a schema; a type that is not flat is refused. */
  static ForeignField of(Field field) {
    String name = field.name() == null ? "" : field.name();
    if (field.dictionary() != null) {
      throw refused(name, "is dictionary-encoded; send plain values (pyarrow: dictionary_decode)");
    }
    byte type = field.typeType();
    if (field.childrenLength() > 0) {
      throw refused(name, "is nested; send flat columns");
    }
    return switch (type) {
      case Type.Null -> new ForeignField(name, Kind.NULL, 0, 0, 0);
      case Type.Bool -> new ForeignField(name, Kind.BOOL, 1, 0, 0);
      case Type.Int -> integer(name, (Int) field.type(new Int()));
      case Type.FloatingPoint -> floating(name, (FloatingPoint) field.type(new FloatingPoint()));
      case Type.Decimal -> decimal(name, (Decimal) field.type(new Decimal()));
      case Type.Utf8 -> new ForeignField(name, Kind.STRING, 32, 0, 0);
      case Type.LargeUtf8 -> new ForeignField(name, Kind.STRING, 64, 0, 0);
      case Type.Binary -> new ForeignField(name, Kind.BINARY, 32, 0, 0);
      case Type.LargeBinary -> new ForeignField(name, Kind.BINARY, 64, 0, 0);
      case Type.FixedSizeBinary -> fixed(name, (FixedSizeBinary) field.type(new FixedSizeBinary()));
      case Type.Date ->
          ((Date) field.type(new Date())).unit() == DateUnit.DAY
              ? new ForeignField(name, Kind.DATE_DAY, 32, 0, 0)
              : new ForeignField(name, Kind.DATE_MILLI, 64, 0, 0);
      case Type.Timestamp -> timestamp(name, (Timestamp) field.type(new Timestamp()));
      case Type.Utf8View, Type.BinaryView ->
          throw refused(
              name, "is of a view type; send utf8 or binary (polars: CompatLevel.oldest)");
      default -> throw refused(name, "is of Arrow type " + typeName(type) + "; cast it to another");
    };
  }

  private static ForeignField integer(String name, Int type) {
    int bits = type.bitWidth();
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
      throw refused(name, "has integers of " + bits + " bits");
    }
    return new ForeignField(name, Kind.INT, bits, type.isSigned() ? 1 : 0, 0);
  }

  private static ForeignField floating(String name, FloatingPoint type) {
    return switch (type.precision()) {
      case Precision.HALF -> new ForeignField(name, Kind.OTHER, 16, 0, 0);
      case Precision.SINGLE -> new ForeignField(name, Kind.FLOAT, 32, 0, 0);
      case Precision.DOUBLE -> new ForeignField(name, Kind.FLOAT, 64, 0, 0);
      default -> throw refused(name, "has floats of unknown precision " + type.precision());
    };
  }

  private static ForeignField decimal(String name, Decimal type) {
    int bits = type.bitWidth();
    if (bits != 32 && bits != 64 && bits != 128 && bits != 256) {
      throw refused(name, "has decimals of " + bits + " bits");
    }
    int digits = type.precision();
    if (digits < 1 || digits > 76 || type.scale() > digits || type.scale() < 0) {
      throw refused(name, "is a decimal(" + digits + "," + type.scale() + "), which there is not");
    }
    return new ForeignField(
        name, bits == 128 ? Kind.DECIMAL : Kind.OTHER, bits, digits, type.scale());
  }

  private static ForeignField fixed(String name, FixedSizeBinary type) {
    if (type.byteWidth() < 0 || type.byteWidth() > 1 << 20) {
      throw refused(name, "has values of " + type.byteWidth() + " bytes");
    }
    return new ForeignField(name, Kind.FIXED_BINARY, type.byteWidth() * Byte.SIZE, 0, 0);
  }

  private static ForeignField timestamp(String name, Timestamp type) {
    if (type.unit() < TimeUnit.SECOND || type.unit() > TimeUnit.NANOSECOND) {
      throw refused(name, "has timestamps of unknown unit " + type.unit());
    }
    return new ForeignField(name, Kind.TIMESTAMP, 64, type.unit(), 0);
  }

  /** How many buffers a column has in each batch. */
  int buffers() {
    return switch (kind) {
      case NULL -> 0;
      case STRING, BINARY -> 3;
      default -> 2;
    };
  }

  /** Returns whether each of its values is one of the other type, but for bounds of time. */
  boolean widensTo(DataType type) {
    return switch (kind) {
      case NULL -> true;
      case BOOL -> type.kind() == DataType.Kind.BOOLEAN;
      case INT -> widensInteger(type.kind());
      case FLOAT ->
          type.kind() == DataType.Kind.DOUBLE || (bits == 32 && type.kind() == DataType.Kind.FLOAT);
      case DECIMAL ->
          type.kind() == DataType.Kind.DECIMAL
              && scale <= type.scale()
              && parameter - scale <= type.precision() - type.scale();
      case STRING -> type.kind() == DataType.Kind.STRING;
      case BINARY, FIXED_BINARY -> type.kind() == DataType.Kind.BINARY;
      case DATE_DAY, DATE_MILLI -> type.kind() == DataType.Kind.DATE;
      case TIMESTAMP -> type.kind() == DataType.Kind.TIMESTAMP;
      case OTHER -> false;
    };
  }

  private boolean widensInteger(DataType.Kind target) {
    int valueBits = parameter == 1 ? bits - 1 : bits;
    return switch (target) {
      case INT8 -> valueBits <= 7;
      case INT16 -> valueBits <= 15;
      case INT32 -> valueBits <= 31;
      case INT64 -> valueBits <= 63;
      case DOUBLE -> valueBits <= 32;
      default -> false;
    };
  }

  String typeName() {
    return switch (kind) {
      case INT -> (parameter == 1 ? "int" : "uint") + bits;
      case FLOAT -> bits == 32 ? "float" : "double";
      case DECIMAL -> "decimal(" + parameter + "," + scale + ")";
      default -> kind.name().toLowerCase(java.util.Locale.ROOT);
    };
  }

  private static String typeName(byte type) {
    return type >= 0 && type < Type.names.length ? Type.names[type] : "number " + type;
  }

  static BadDataException refused(String column, String what) {
    return new BadDataException("Arrow stream: column " + column + " " + what);
  }
}
