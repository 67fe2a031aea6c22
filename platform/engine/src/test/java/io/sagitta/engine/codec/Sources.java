package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import io.sagitta.definition.EventTime;
import io.sagitta.definition.Field;
import io.sagitta.definition.HttpSource;
import io.sagitta.definition.Schema;
import io.sagitta.definition.Source;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Sources to decode for. */
final class Sources {
  /** One column of every type, none required, no event time. */
  static final Source EVERYTHING =
      new HttpSource(
          new Schema(
              List.of(
                  field("b", "boolean"),
                  field("i8", "int8"),
                  field("i16", "int16"),
                  field("i32", "int32"),
                  field("i64", "int64"),
                  field("f", "float"),
                  field("d", "double"),
                  field("n", "decimal(12,2)"),
                  field("s", "string"),
                  field("x", "binary"),
                  field("day", "date"),
                  field("t", "timestamp"))),
          Optional.empty(),
          List.of());

  /** The flights of the design. */
  static final Source FLIGHTS =
      new HttpSource(
          new Schema(
              List.of(
                  field("date", "timestamp"),
                  field("delay", "int32"),
                  field("distance", "int64"),
                  required("origin", "string"),
                  required("destination", "string"))),
          Optional.of(new EventTime("date", Duration.ofMinutes(1), Optional.empty())),
          List.of());

  private Sources() {}

  static Field field(String name, String type) {
    return new Field(name, DataType.parse(type).orElseThrow(), Optional.empty(), false, false);
  }

  static Field required(String name, String type) {
    return new Field(name, DataType.parse(type).orElseThrow(), Optional.empty(), true, false);
  }

  static Field sensitive(String name, String type) {
    return new Field(name, DataType.parse(type).orElseThrow(), Optional.empty(), false, true);
  }
}
