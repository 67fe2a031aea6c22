package io.sagitta.engine.codec;

import io.sagitta.definition.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads flat objects of good values straight from bytes into columns. It takes an object only if it
 * is sure of it; whatever is odd (a nested value, an escape in a key, a key twice, a value that
 * does not fit) it leaves to {@link JsonTree}, so that the two never disagree.
 *
 * <p>Objects of one body mostly have the same keys in the same order: the scanner remembers which
 * column came at which place, and compares that one's name first.
 */
final class JsonScanner {
  private static final int NOT_SURE = -1;
  private static final int UNKNOWN = -1;
  private static final int REMEMBERED_PLACES = 256;

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final byte[] b;
  private final BodyRows rows;
  private final RowColumn[] columns;
  private final byte[][] names;
  private final byte[][] quotedNames; // with the colon
  private final int[] columnAt = new int[REMEMBERED_PLACES];
  private final int[] seenIn; // by column, the object in which its key came last
  private final JsonStrings strings;
  private final NumberText ignoredNumber = new NumberText();
  private int object;
  private int key; // the column of the key read last

  JsonScanner(byte[] body, BodyRows rows) {
    b = body;
    strings = new JsonStrings(body);
    this.rows = rows;
    columns = rows.columns();
    List<Field> fields = rows.fields();
    names = new byte[columns.length][];
    quotedNames = new byte[columns.length][];
    for (int i = 0; i < columns.length; i++) {
      names[i] = fields.get(i).name().getBytes(StandardCharsets.UTF_8);
      quotedNames[i] = ('"' + fields.get(i).name() + "\":").getBytes(StandardCharsets.UTF_8);
    }
    seenIn = new int[columns.length];
    for (int i = 0; i < REMEMBERED_PLACES; i++) {
      columnAt[i] = columns.length == 0 ? UNKNOWN : Math.min(i, columns.length - 1);
    }
  }

  /**
   * Begins a row and sets its columns from the object at {@code from}. The row is not kept yet.
   *
   * @param lines whether line feeds may stand between tokens
   * @return where the object ends; negative if it is for Jackson to read
   */
  int object(int from, int to, boolean lines) {
    int row = rows.begin();
    object++;
    int found = 0;
    int i = space(from + 1, to, lines);
    if (i < to && b[i] == '}') {
      return absent(row, found, i + 1);
    }
    for (int place = 0; ; place++) {
      i = key(i, to, Math.min(place, REMEMBERED_PLACES - 1), lines);
      if (i < 0) {
        return NOT_SURE;
      }
      i = space(i, to, lines);
      if (i >= to) {
        return NOT_SURE;
      }
      if (key == UNKNOWN) {
        i = ignored(i, to);
      } else {
        if (seenIn[key] == object) {
          return NOT_SURE;
        }
        seenIn[key] = object;
        found++;
        i = value(columns[key], row, i, to);
      }
      if (i < 0) {
        return NOT_SURE;
      }
      i = space(i, to, lines);
      if (i >= to) {
        return NOT_SURE;
      }
      if (b[i] == '}') {
        return absent(row, found, i + 1);
      }
      if (b[i] != ',') {
        return NOT_SURE;
      }
      i = space(i + 1, to, lines);
    }
  }

  private int absent(int row, int found, int end) {
    if (found < columns.length) {
      for (int c = 0; c < columns.length; c++) {
        if (seenIn[c] != object) {
          columns[c].setNull(row);
        }
      }
    }
    return end;
  }

  /** Reads a key with its colon, sets {@link #key}, and returns where it ends. */
  private int key(int i, int to, int place, boolean lines) {
    key = columnAt[place];
    if (key != UNKNOWN) {
      byte[] expected = quotedNames[key];
      int end = i + expected.length;
      if (end <= to && Arrays.equals(b, i, end, expected, 0, expected.length)) {
        return end;
      }
    }
    int end = i < to && b[i] == '"' ? strings.end(i + 1, to) : NOT_SURE;
    if (end < 0 || b[end] == '\\') {
      return NOT_SURE;
    }
    key = column(i + 1, end);
    columnAt[place] = key;
    if (key == UNKNOWN) {
      rows.ignore(b, i + 1, end);
    }
    int colon = space(end + 1, to, lines);
    return colon < to && b[colon] == ':' ? colon + 1 : NOT_SURE;
  }

  private int column(int from, int to) {
    for (int c = 0; c < names.length; c++) {
      if (Arrays.equals(b, from, to, names[c], 0, names[c].length)) {
        return c;
      }
    }
    return UNKNOWN;
  }

  private int value(RowColumn column, int row, int i, int to) {
    return switch (b[i]) {
      case '"' -> string(column, row, i + 1, to);
      case 't' -> is(TRUE, i, to) ? sure(column.setBoolean(row, true), i + 4) : NOT_SURE;
      case 'f' -> is(FALSE, i, to) ? sure(column.setBoolean(row, false), i + 5) : NOT_SURE;
      case 'n' -> {
        column.setNull(row);
        yield is(NULL, i, to) ? i + 4 : NOT_SURE;
      }
      default -> column.setNumber(row, b, i, to) == RowColumn.Verdict.OK ? column.end() : NOT_SURE;
    };
  }

  private int string(RowColumn column, int row, int from, int to) {
    int end = strings.end(from, to);
    if (end < 0) {
      return NOT_SURE;
    }
    if (b[end] == '"') {
      return sure(column.setText(row, b, from, end), end + 1);
    }
    end = strings.unescape(from, to);
    return end < 0
        ? NOT_SURE
        : sure(column.setText(row, strings.unescaped(), 0, strings.unescapedLength()), end);
  }

  /** Skips a value that no column wants. */
  private int ignored(int i, int to) {
    return switch (b[i]) {
      case '"' -> strings.unescape(i + 1, to);
      case 't' -> is(TRUE, i, to) ? i + 4 : NOT_SURE;
      case 'f' -> is(FALSE, i, to) ? i + 5 : NOT_SURE;
      case 'n' -> is(NULL, i, to) ? i + 4 : NOT_SURE;
      default -> ignoredNumber.read(b, i, to);
    };
  }

  private boolean is(byte[] word, int i, int to) {
    return i + word.length <= to && Arrays.equals(b, i, i + word.length, word, 0, word.length);
  }

  private static int sure(RowColumn.Verdict verdict, int end) {
    return verdict == RowColumn.Verdict.OK ? end : NOT_SURE;
  }

  private int space(int from, int to, boolean lines) {
    int i = from;
    while (i < to && b[i] <= ' ' && isSpace(b[i], lines)) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(byte c, boolean lines) {
    return c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n');
  }
}
