package io.sagitta.engine.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sagitta.engine.WireSchemas;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Rows as JSON objects, in the forms that ingest reads: instants and dates as ISO 8601, bytes as
 * Base64, decimals as plain numbers.
 */
final class JsonRows {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonRows() {}

  /** Returns row {@code row} of {@code batch} without its {@code event_time}. */
  static String of(VectorSchemaRoot batch, int row) {
    return of(batch, row, false);
  }

  /** Returns row {@code row} of {@code batch} with all columns. */
  static String all(VectorSchemaRoot batch, int row) {
    return of(batch, row, true);
  }

  private static String of(VectorSchemaRoot batch, int row, boolean withEventTime) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      for (FieldVector column : batch.getFieldVectors()) {
        if (withEventTime || !column.getName().equals(WireSchemas.EVENT_TIME)) {
          json.writeFieldName(column.getName());
          if (column.isNull(row)) {
            json.writeNull();
          } else {
            value(json, column, row);
          }
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void value(JsonGenerator json, FieldVector column, int row) throws IOException {
    if (column instanceof VarCharVector text) {
      json.writeString(String.valueOf(text.getObject(row)));
    } else if (column instanceof BigIntVector number) {
      json.writeNumber(number.get(row));
    } else if (column instanceof IntVector number) {
      json.writeNumber(number.get(row));
    } else if (column instanceof SmallIntVector number) {
      json.writeNumber(number.get(row));
    } else if (column instanceof TinyIntVector number) {
      json.writeNumber(number.get(row));
    } else if (column instanceof Float8Vector number) {
      floating(json, number.get(row));
    } else if (column instanceof Float4Vector number) {
      floating(json, number.get(row));
    } else if (column instanceof DecimalVector number) {
      json.writeNumber(number.getObjectNotNull(row).toPlainString());
    } else if (column instanceof BitVector bit) {
      json.writeBoolean(bit.get(row) == 1);
    } else if (column instanceof TimeStampMicroTZVector instant) {
      json.writeString(Instant.EPOCH.plus(instant.get(row), ChronoUnit.MICROS).toString());
    } else if (column instanceof DateDayVector date) {
      json.writeString(LocalDate.ofEpochDay(date.get(row)).toString());
    } else if (column instanceof VarBinaryVector bytes) {
      json.writeBinary(bytes.get(row));
    } else {
      json.writeString(String.valueOf(column.getObject(row)));
    }
  }

  /** JSON has no NaN and no infinity, and {@code 0.1f} is not {@code 0.10000000149011612}. */
  private static void floating(JsonGenerator json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.toString(value));
    }
  }

  private static void floating(JsonGenerator json, float value) throws IOException {
    if (Float.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Float.toString(value));
    }
  }
}
