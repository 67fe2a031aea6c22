package io.sagitta.engine.codec;

import io.sagitta.definition.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rows of an Arrow body, in order; columns are matched by name. */
final class ArrowRows {
  private static final byte[] THE_VALUE = "the value".getBytes(StandardCharsets.UTF_8);

  private final ForeignStream stream;
  private final BodyRows rows;
  private final int[] columnOf; // by our column, the stream's

  ArrowRows(ByteBuffer body, BodyRows rows) {
    IpcCodec.Limits limits =
        new IpcCodec.Limits(
            Integer.MAX_VALUE, rows.limits().rows(), IpcCodec.Limits.DEFAULT.columns());
    stream = ForeignStream.of(body, limits);
    this.rows = rows;
    List<Field> fields = rows.fields();
    columnOf = new int[fields.size()];
    for (int i = 0; i < columnOf.length; i++) {
      columnOf[i] =
          IpcCodec.match(stream, fields.get(i).name(), fields.get(i).type(), rows.isRequired(i));
    }
    for (ForeignField field : stream.fields()) {
      if (rows.column(field.name()) < 0) {
        byte[] name = field.name().getBytes(StandardCharsets.UTF_8);
        rows.ignore(name, 0, name.length);
      }
    }
  }

  void read() {
    int number = 0;
    for (ForeignStream.Batch batch : stream.batches()) {
      for (int row = 0; row < batch.rows(); row++) {
        number++;
        if (!copy(batch, row) || !rows.keep()) {
          explain(batch, row, "row " + number);
        }
      }
    }
  }

  private boolean copy(ForeignStream.Batch batch, int row) {
    int target = rows.begin();
    boolean good = true;
    for (int i = 0; i < columnOf.length && good; i++) {
      good = copy(batch, row, i, target) == RowColumn.Verdict.OK;
    }
    return good;
  }

  private RowColumn.Verdict copy(ForeignStream.Batch batch, int row, int column, int target) {
    if (columnOf[column] < 0) {
      rows.columns()[column].setNull(target);
      return RowColumn.Verdict.OK;
    }
    return batch.columns().get(columnOf[column]).copy(row, rows.columns()[column], target);
  }

  private void explain(ForeignStream.Batch batch, int row, String place) {
    int target = rows.beginEmpty();
    for (int i = 0; i < columnOf.length; i++) {
      rows.note(i, copy(batch, row, i, target), THE_VALUE, 0, THE_VALUE.length);
    }
    rows.complete(place, () -> json(batch, row));
  }

  private byte[] json(ForeignStream.Batch batch, int row) {
    ByteSink sink = new ByteSink(256).put('{');
    for (int i = 0; i < stream.fields().size(); i++) {
      sink = i > 0 ? sink.put(',') : sink;
      sink.jsonString(stream.fields().get(i).name()).put(':');
      batch.columns().get(i).json(row, sink);
    }
    return sink.put('}').toBytes();
  }
}
