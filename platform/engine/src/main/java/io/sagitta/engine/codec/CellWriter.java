package io.sagitta.engine.codec;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import com.fasterxml.jackson.core.io.schubfach.FloatToDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Writes one column's values as JSON. */
@FunctionalInterface
interface CellWriter {
  /** Writes a row's value, which is not NULL. */
  void write(int row, ByteSink sink);

  /** Writes a row's value, or {@code null}. */
  static void orNull(CellWriter writer, ValueVector column, int row, ByteSink sink) {
    if (column.isNull(row)) {
      sink.ascii("null");
    } else {
      writer.write(row, sink);
    }
  }

  /** Returns whether values are numbers or booleans, which need no quotes in CSV either. */
  static boolean isBare(ValueVector column) {
    return column instanceof BaseIntVector
        || column instanceof BitVector
        || column instanceof DecimalVector
        || column instanceof Float4Vector
        || column instanceof Float8Vector;
  }

  static CellWriter json(FieldVector column) {
    if (column instanceof VarCharVector strings) {
      return string(strings);
    } else if (column instanceof UInt8Vector v) {
      return (row, sink) -> sink.ascii(Long.toUnsignedString(v.get(row)));
    } else if (column instanceof BaseIntVector v) {
      return (row, sink) -> sink.number(v.getValueAsLong(row));
    } else if (column instanceof BitVector v) {
      return (row, sink) -> sink.ascii(v.get(row) == 1 ? "true" : "false");
    } else if (column instanceof Float8Vector v) {
      return (row, sink) -> floating(v.get(row), DoubleToDecimal.toString(v.get(row)), sink);
    } else if (column instanceof Float4Vector v) {
      return (row, sink) -> floating(v.get(row), FloatToDecimal.toString(v.get(row)), sink);
    } else if (column instanceof DecimalVector v) {
      return (row, sink) -> sink.ascii(v.getObjectNotNull(row).toPlainString());
    } else if (column instanceof DateDayVector v) {
      return quoted((row, sink) -> Calendar.day(v.get(row), sink));
    } else if (column instanceof TimeStampVector v) {
      return quoted(timestamp(v));
    } else if (column instanceof VarBinaryVector v) {
      return quoted((row, sink) -> sink.put(Base64.getEncoder().encode(v.get(row))));
    } else if (column instanceof ListVector v) {
      return list(v);
    } else if (column instanceof StructVector v) {
      return struct(v);
    }
    return (row, sink) -> sink.jsonString(String.valueOf(column.getObject(row)));
  }

  private static CellWriter quoted(CellWriter writer) {
    return (row, sink) -> {
      sink.put('"');
      writer.write(row, sink);
      sink.put('"');
    };
  }

  private static CellWriter string(VarCharVector column) {
    byte[] all = new byte[column.getValueCount() == 0 ? 0 : end(column, column.getValueCount())];
    column.getDataBuffer().getBytes(0, all);
    return (row, sink) -> sink.jsonString(all, end(column, row), end(column, row + 1));
  }

  /** Where the value before {@code row} ends. */
  private static int end(VarCharVector column, int row) {
    return MemoryUtil.getInt(column.getOffsetBuffer().memoryAddress() + 4L * row);
  }

  private static void floating(double value, String text, ByteSink sink) {
    sink.ascii(Double.isFinite(value) ? text : "null");
  }

  private static CellWriter timestamp(TimeStampVector column) {
    return switch (((ArrowType.Timestamp) column.getField().getType()).getUnit()) {
      case SECOND ->
          (row, sink) -> Calendar.instant(Math.multiplyExact(column.get(row), 1_000_000L), sink);
      case MILLISECOND ->
          (row, sink) -> Calendar.instant(Math.multiplyExact(column.get(row), 1_000L), sink);
      case MICROSECOND -> (row, sink) -> Calendar.instant(column.get(row), sink);
      case NANOSECOND ->
          (row, sink) -> Calendar.instant(Math.floorDiv(column.get(row), 1_000L), sink);
    };
  }

  private static CellWriter list(ListVector column) {
    FieldVector items = column.getDataVector();
    CellWriter item = json(items);
    return (row, sink) -> {
      sink.put('[');
      for (int i = column.getElementStartIndex(row); i < column.getElementEndIndex(row); i++) {
        if (i > column.getElementStartIndex(row)) {
          sink.put(',');
        }
        orNull(item, items, i, sink);
      }
      sink.put(']');
    };
  }

  private static CellWriter struct(StructVector column) {
    List<FieldVector> children = column.getChildrenFromFields();
    List<CellWriter> writers = children.stream().map(CellWriter::json).toList();
    List<byte[]> names = children.stream().map(child -> key(child.getName())).toList();
    return (row, sink) -> {
      sink.put('{');
      for (int i = 0; i < writers.size(); i++) {
        if (i > 0) {
          sink.put(',');
        }
        orNull(writers.get(i), children.get(i), row, sink.put(names.get(i)));
      }
      sink.put('}');
    };
  }

  /** Returns {@code "name":}. */
  static byte[] key(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return new ByteSink(utf8.length + 8).jsonString(utf8, 0, utf8.length).put(':').toBytes();
  }
}
