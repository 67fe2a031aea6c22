package io.sagitta.engine;

import io.sagitta.definition.DataType;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Arrow schemas of declared columns. Every column is nullable, since that is how the engine hands
 * results on; that a required column has a value is ingest's promise, not the schema's.
 */
public final class WireSchemas {
  /** Key of a column's metadata: the unit its numbers are in. */
  public static final String UNIT = "unit";

  /** Key of a column's metadata: {@code true} where people must not see values. */
  public static final String SENSITIVE = "sensitive";

  /** The column of every source and stage that says when a row happened. */
  public static final String EVENT_TIME = "event_time";

  /** The column of a windowed stage that says when its window starts, inclusive. */
  public static final String WINDOW_START = "window_start";

  /** The column of a windowed stage that says when its window ends, exclusive. */
  public static final String WINDOW_END = "window_end";

  /** An instant in microseconds, UTC. */
  public static final ArrowType TIMESTAMP = new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");

  private WireSchemas() {}

  /**
   * Returns the columns of a source topic's messages: the declared ones, then {@code event_time} if
   * no declared column is the event time, since ingest then sets it on arrival.
   */
  public static Schema of(Source source) {
    List<Field> fields = new ArrayList<>(of(source.schema()).getFields());
    if (source.eventTime().isEmpty()) {
      fields.add(Field.nullable(EVENT_TIME, TIMESTAMP));
    }
    return new Schema(fields);
  }

  /**
   * Returns the columns under which SQL sees a source: the wire's, with {@code event_time} last. It
   * is the column {@link EventTime#field()} once more, or moved to the end if that is its name.
   */
  public static Schema logical(Source source) {
    List<Field> fields = new ArrayList<>(of(source.schema()).getFields());
    fields.removeIf(f -> f.getName().equals(EVENT_TIME));
    fields.add(Field.nullable(EVENT_TIME, TIMESTAMP));
    return new Schema(fields);
  }

  /** Returns whether people must not see values of {@code field}. */
  public static boolean isSensitive(Field field) {
    return field.getMetadata() != null && field.getMetadata().containsKey(SENSITIVE);
  }

  /** Returns the declared columns in their order. */
  public static Schema of(io.sagitta.definition.Schema declared) {
    return new Schema(declared.fields().stream().map(WireSchemas::of).toList());
  }

  private static Field of(io.sagitta.definition.Field declared) {
    Map<String, String> metadata = new TreeMap<>();
    declared.unit().ifPresent(unit -> metadata.put(UNIT, unit));
    if (declared.sensitive()) {
      metadata.put(SENSITIVE, "true");
    }
    return new Field(
        declared.name(), new FieldType(true, of(declared.type()), null, metadata), null);
  }

  /** Returns how values of {@code type} are laid out. */
  public static ArrowType of(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> ArrowType.Bool.INSTANCE;
      case INT8 -> new ArrowType.Int(8, true);
      case INT16 -> new ArrowType.Int(16, true);
      case INT32 -> new ArrowType.Int(32, true);
      case INT64 -> new ArrowType.Int(64, true);
      case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case DECIMAL -> new ArrowType.Decimal(type.precision(), type.scale(), 128);
      case STRING -> ArrowType.Utf8.INSTANCE;
      case BINARY -> ArrowType.Binary.INSTANCE;
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case TIMESTAMP -> TIMESTAMP;
    };
  }
}
