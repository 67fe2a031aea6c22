package io.sagitta.engine.codec;

import io.sagitta.definition.DataType;
import io.sagitta.definition.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The records of a CSV body, in order, behind the line that names the columns. */
final class CsvRows {
  private static final int IGNORED = -1;

  private final byte[] body;
  private final int from;
  private final int to;
  private final BodyRows rows;
  private final CsvRecord record;
  private final List<String> header = new ArrayList<>();
  private final LineCounter lines;
  private int[] columnOf = {}; // by field
  private boolean allNamed; // the header names every column
  private byte[] plainNumber = new byte[64];

  CsvRows(byte[] body, int from, int to, BodyRows rows) {
    this.body = body;
    this.from = from;
    this.to = to;
    this.rows = rows;
    record = new CsvRecord(body, to);
    lines = new LineCounter(body, from);
  }

  void read() {
    int i = from;
    if (to - i >= 3 && body[i] == (byte) 0xEF && body[i + 1] == (byte) 0xBB) {
      i += body[i + 2] == (byte) 0xBF ? 3 : 0; // a byte order mark
    }
    if (i == to) {
      return;
    }
    readHeader(i);
    i = record.end() + 1;
    while (i < to) {
      i = isBlank(i) ? lineEnd(i) + 1 : row(i);
    }
  }

  private void readHeader(int start) {
    CsvRecord.Outcome outcome = record.read(start, rows.limits().lineBytes());
    if (outcome != CsvRecord.Outcome.READ) {
      throw new BadDataException("CSV body, line 1: " + said(outcome) + "; it names the columns");
    }
    columnOf = new int[record.count()];
    Set<Integer> named = new HashSet<>();
    for (int f = 0; f < columnOf.length; f++) {
      String name = text(f).strip();
      columnOf[f] = rows.column(name);
      header.add(name);
      if (columnOf[f] < 0) {
        rows.ignore(record.source(f), record.start(f), record.stop(f));
      } else if (!named.add(columnOf[f])) {
        throw new BadDataException("CSV body, line 1: names column " + name + " twice");
      }
    }
    for (int c = 0; c < rows.fields().size(); c++) {
      boolean missing = !named.contains(c) && (rows.isRequired(c) || named.isEmpty());
      if (missing) {
        throw new BadDataException(
            "CSV body, line 1: should name column %s, but reads: %s"
                .formatted(
                    rows.fields().get(c).name(), ValueWords.shown(body, start, record.end())));
      }
    }
    allNamed = named.size() == rows.fields().size();
  }

  /** Reads the record at {@code start} and returns where the next one starts. */
  private int row(int start) {
    int limit = rows.limits().lineBytes();
    CsvRecord.Outcome outcome = record.read(start, limit);
    if (outcome != CsvRecord.Outcome.READ) {
      // Where a quote is wrong nobody knows where the record was meant to end: try the next line.
      int end = outcome == CsvRecord.Outcome.NOT_UTF8 ? record.end() : lineEnd(start);
      return reject(RejectReason.UNREADABLE, ": " + said(outcome), start, end);
    }
    int bytes = record.end() - start;
    if (bytes > limit) {
      String detail = " has " + bytes + " bytes, over the limit of " + limit;
      return reject(RejectReason.TOO_LONG, detail, start, record.end());
    }
    if (record.count() != columnOf.length) {
      String detail = " has " + record.count() + " fields, line 1 names " + columnOf.length;
      return reject(RejectReason.UNREADABLE, detail, start, record.end());
    }
    if (!setAll(rows.begin()) || !rows.keep()) {
      explain("line " + lines.at(start));
    }
    return record.end() + 1;
  }

  private int reject(RejectReason reason, String detail, int start, int end) {
    rows.rejectRaw(reason, "line " + lines.at(start) + detail, body, start, end);
    return end + 1;
  }

  private boolean setAll(int row) {
    RowColumn[] columns = rows.columns();
    if (!allNamed) {
      for (RowColumn column : columns) {
        column.setNull(row);
      }
    }
    for (int f = 0; f < columnOf.length; f++) {
      if (columnOf[f] != IGNORED
          && set(columns[columnOf[f]], columnOf[f], f, row) != RowColumn.Verdict.OK) {
        return false;
      }
    }
    return true;
  }

  private void explain(String place) {
    int row = rows.beginEmpty();
    for (int f = 0; f < columnOf.length; f++) {
      int c = columnOf[f];
      if (c != IGNORED) {
        RowColumn.Verdict verdict = set(rows.columns()[c], c, f, row);
        rows.note(c, verdict, record.source(f), record.start(f), record.stop(f));
      }
    }
    rows.complete(place, this::json);
  }

  private RowColumn.Verdict set(RowColumn column, int index, int f, int row) {
    Field field = rows.fields().get(index);
    byte[] b = record.source(f);
    int from = record.start(f);
    int stop = record.stop(f);
    DataType.Kind kind = field.type().kind();
    if (record.isMissing(f)) {
      column.setNull(row);
      return RowColumn.Verdict.OK;
    }
    if (kind == DataType.Kind.STRING) {
      return column.setText(row, b, from, stop);
    }
    while (from < stop && (b[from] == ' ' || b[from] == '\t')) {
      from++;
    }
    while (from < stop && (b[stop - 1] == ' ' || b[stop - 1] == '\t')) {
      stop--;
    }
    if (from == stop && kind != DataType.Kind.BINARY) {
      column.setNull(row);
      return RowColumn.Verdict.OK;
    }
    return switch (kind) {
      case STRING, BINARY, DATE, TIMESTAMP -> column.setText(row, b, from, stop);
      case BOOLEAN -> bool(column, row, b, from, stop);
      case INT8, INT16, INT32, INT64, FLOAT, DOUBLE, DECIMAL -> number(column, row, b, from, stop);
    };
  }

  private static RowColumn.Verdict bool(RowColumn column, int row, byte[] b, int from, int to) {
    return switch (new String(b, from, to - from, StandardCharsets.UTF_8)
        .toLowerCase(Locale.ROOT)) {
      case "true" -> column.setBoolean(row, true);
      case "false" -> column.setBoolean(row, false);
      default -> RowColumn.Verdict.WRONG_TYPE;
    };
  }

  private RowColumn.Verdict number(RowColumn column, int row, byte[] b, int from, int to) {
    RowColumn.Verdict verdict = column.setNumber(row, b, from, to);
    if (column.end() == to) {
      return verdict;
    }
    return switch (new String(b, from, to - from, StandardCharsets.UTF_8)) {
      case "NaN" -> column.setFloating(row, Double.NaN);
      case "Infinity" -> column.setFloating(row, Double.POSITIVE_INFINITY);
      case "-Infinity" -> column.setFloating(row, Double.NEGATIVE_INFINITY);
      default -> {
        int length = plain(b, from, to);
        verdict = column.setNumber(row, plainNumber, 0, length);
        yield column.end() == length ? verdict : RowColumn.Verdict.WRONG_TYPE;
      }
    };
  }

  /**
   * Writes a number as JSON has it: no plus, no zeros in front, digits on both sides of a point.
   */
  private int plain(byte[] b, int from, int to) {
    if (plainNumber.length < to - from + 2) {
      plainNumber = new byte[2 * (to - from)];
    }
    int n = 0;
    int i = from;
    if (b[i] == '-') {
      plainNumber[n++] = '-';
    }
    if (b[i] == '-' || b[i] == '+') {
      i++;
    }
    while (i + 1 < to && b[i] == '0' && b[i + 1] >= '0' && b[i + 1] <= '9') {
      i++;
    }
    if (i < to && b[i] == '.') {
      plainNumber[n++] = '0';
    }
    System.arraycopy(b, i, plainNumber, n, to - i);
    return n + to - i;
  }

  /** The record as a JSON object of strings, for quarantine. */
  private byte[] json() {
    ByteSink sink = new ByteSink(256).put('{');
    for (int f = 0; f < columnOf.length; f++) {
      sink = f > 0 ? sink.put(',') : sink;
      sink.jsonString(header.get(f)).put(':');
      if (record.isMissing(f)) {
        sink.ascii("null");
      } else {
        sink.jsonString(record.source(f), record.start(f), record.stop(f));
      }
    }
    return sink.put('}').toBytes();
  }

  private String text(int f) {
    byte[] field = Arrays.copyOfRange(record.source(f), record.start(f), record.stop(f));
    return new String(field, StandardCharsets.UTF_8);
  }

  private static String said(CsvRecord.Outcome outcome) {
    return switch (outcome) {
      case READ -> "read";
      case TEXT_AFTER_QUOTE -> "text follows a closing quote; write quotes inside a field twice";
      case OPEN_QUOTE -> "a quoted field never ends; close its quote";
      case NOT_UTF8 -> "not UTF-8";
    };
  }

  /** An empty line is no record, unless a record is one field, which may be NULL. */
  private boolean isBlank(int i) {
    return columnOf.length > 1 && (body[i] == '\n' || (body[i] == '\r' && lineEnd(i) == i + 1));
  }

  private int lineEnd(int from) {
    int i = from;
    while (i < to && body[i] != '\n') {
      i++;
    }
    return i;
  }
}
