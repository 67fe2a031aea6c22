package io.sagitta.engine.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;

/**
 * Writes batches as the outside world reads rows. Thread-safe; batches stay the caller's.
 *
 * <p>Timestamps are ISO 8601 in UTC, with microseconds if there are any; integers and decimals are
 * plain numbers of any size; binary is base64; NaN and infinities are {@code null} in JSON and
 * {@code NaN}, {@code Infinity} in CSV. In CSV NULL is an empty field and the empty string {@code
 * ""}; lines end in a line feed.
 */
public final class RowEncoder {
  private static final int BYTES_PER_CELL = 16;

  private RowEncoder() {}

  /** Writes a batch as a whole document. */
  public static byte[] encode(VectorSchemaRoot root, RowFormat format) {
    return switch (format) {
      case JSON_LINES -> jsonLines(root);
      case JSON_ARRAY -> jsonArray(root);
      case CSV -> csv(root);
      case ARROW -> IpcCodec.toBytes(root);
    };
  }

  /** Writes one row as a JSON object, in UTF-8. */
  public static byte[] jsonObject(VectorSchemaRoot root, int row) {
    ByteSink sink = sink(root, 1);
    new Objects(root).write(row, sink);
    return sink.toBytes();
  }

  /** Writes the line that names the columns. */
  public static byte[] csvHeader(Schema schema) {
    ByteSink sink = new ByteSink(256);
    header(schema, sink);
    return sink.toBytes();
  }

  /** Writes the rows without a line that names the columns. */
  public static byte[] csvRows(VectorSchemaRoot root) {
    ByteSink sink = sink(root, root.getRowCount());
    csvRows(root, sink);
    return sink.toBytes();
  }

  private static byte[] jsonLines(VectorSchemaRoot root) {
    ByteSink sink = sink(root, root.getRowCount());
    Objects objects = new Objects(root);
    for (int row = 0; row < root.getRowCount(); row++) {
      objects.write(row, sink);
      sink.put('\n');
    }
    return sink.toBytes();
  }

  private static byte[] jsonArray(VectorSchemaRoot root) {
    ByteSink sink = sink(root, root.getRowCount());
    Objects objects = new Objects(root);
    sink.put('[');
    for (int row = 0; row < root.getRowCount(); row++) {
      if (row > 0) {
        sink.put(',');
      }
      objects.write(row, sink);
    }
    return sink.put(']').toBytes();
  }

  private static byte[] csv(VectorSchemaRoot root) {
    ByteSink sink = sink(root, root.getRowCount() + 1);
    header(root.getSchema(), sink);
    csvRows(root, sink);
    return sink.toBytes();
  }

  private static ByteSink sink(VectorSchemaRoot root, int rows) {
    long cells = (long) rows * root.getFieldVectors().size();
    return new ByteSink((int) Math.min(64 + cells * BYTES_PER_CELL, 1 << 28));
  }

  private static void header(Schema schema, ByteSink sink) {
    List<Field> fields = schema.getFields();
    for (int i = 0; i < fields.size(); i++) {
      if (i > 0) {
        sink.put(',');
      }
      byte[] name = fields.get(i).getName().getBytes(StandardCharsets.UTF_8);
      csvText(name, 0, name.length, sink);
    }
    sink.put('\n');
  }

  private static void csvRows(VectorSchemaRoot root, ByteSink sink) {
    List<FieldVector> columns = root.getFieldVectors();
    List<CellWriter> cells = columns.stream().map(RowEncoder::csvCell).toList();
    for (int row = 0; row < root.getRowCount(); row++) {
      for (int c = 0; c < cells.size(); c++) {
        if (c > 0) {
          sink.put(',');
        }
        if (!columns.get(c).isNull(row)) {
          cells.get(c).write(row, sink);
        }
      }
      sink.put('\n');
    }
  }

  private static CellWriter csvCell(FieldVector column) {
    CellWriter json = CellWriter.json(column);
    if (column instanceof VarCharVector strings) {
      Text text = new Text();
      return (row, sink) -> {
        strings.read(row, text);
        csvText(text.getBytes(), 0, (int) text.getLength(), sink);
      };
    } else if (column instanceof Float8Vector v) {
      return (row, sink) -> floating(v.get(row), row, json, sink);
    } else if (column instanceof Float4Vector v) {
      return (row, sink) -> floating(v.get(row), row, json, sink);
    } else if (CellWriter.isBare(column)) {
      return json;
    }
    ByteSink cell = new ByteSink(64);
    return (row, sink) -> {
      cell.truncate(0);
      json.write(row, cell);
      byte[] bytes = cell.toBytes();
      int quotes = bytes[0] == '"' ? 1 : 0; // JSON's, around a date, a timestamp or base64
      csvText(bytes, quotes, bytes.length - quotes, sink);
    };
  }

  private static void floating(double value, int row, CellWriter json, ByteSink sink) {
    if (Double.isFinite(value)) {
      json.write(row, sink);
    } else {
      sink.ascii(Double.toString(value));
    }
  }

  private static void csvText(byte[] utf8, int from, int to, ByteSink sink) {
    boolean quote = from == to;
    for (int i = from; i < to && !quote; i++) {
      byte b = utf8[i];
      quote = b == ',' || b == '"' || b == '\n' || b == '\r';
    }
    if (!quote) {
      sink.put(utf8, from, to);
      return;
    }
    sink.put('"');
    for (int i = from; i < to; i++) {
      if (utf8[i] == '"') {
        sink.put('"');
      }
      sink.put(utf8[i]);
    }
    sink.put('"');
  }

  /** The rows of a batch as JSON objects. */
  private static final class Objects {
    private final List<FieldVector> columns;
    private final List<CellWriter> cells;
    private final List<byte[]> keys;

    Objects(VectorSchemaRoot root) {
      columns = root.getFieldVectors();
      cells = columns.stream().map(CellWriter::json).toList();
      keys = columns.stream().map(column -> CellWriter.key(column.getName())).toList();
    }

    void write(int row, ByteSink sink) {
      sink.put('{');
      for (int c = 0; c < cells.size(); c++) {
        if (c > 0) {
          sink.put(',');
        }
        CellWriter.orNull(cells.get(c), columns.get(c), row, sink.put(keys.get(c)));
      }
      sink.put('}');
    }
  }
}
