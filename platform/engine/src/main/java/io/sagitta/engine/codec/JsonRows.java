package io.sagitta.engine.codec;

/**
 * The objects of a JSON body, in order: each is tried by {@link JsonScanner}, and what that does
 * not take is read by {@link JsonTree}.
 */
final class JsonRows {
  private final byte[] body;
  private final int from;
  private final int to;
  private final BodyRows rows;
  private final JsonScanner scanner;
  private final JsonTree tree;
  private final LineCounter lines;

  JsonRows(byte[] body, int from, int to, BodyRows rows) {
    this.body = body;
    this.from = from;
    this.to = to;
    this.rows = rows;
    scanner = new JsonScanner(body, rows);
    tree = new JsonTree(rows);
    lines = new LineCounter(body, from);
  }

  void read(RowFormat format) {
    int start = from;
    if (to - start >= 3 && body[start] == (byte) 0xEF && body[start + 1] == (byte) 0xBB) {
      start += body[start + 2] == (byte) 0xBF ? 3 : 0; // a byte order mark
    }
    int first = skipSpace(start);
    if (first < to && body[first] == '[') {
      array(first);
    } else if (format == RowFormat.JSON_ARRAY) {
      objects(first);
    } else {
      lines(start);
    }
  }

  private void lines(int start) {
    int i = start;
    while (i < to) {
      int from = skipBlank(i);
      int end = from < to && body[from] == '{' ? scanner.object(from, to, false) : from;
      end = end < 0 ? end : skipBlank(end);
      boolean whole = end >= 0 && (end == to || body[end] == '\n');
      if (whole && end - i <= rows.limits().lineBytes() && (end == from || rows.keep())) {
        i = end + 1;
        continue;
      }
      int next = lineEnd(i);
      careful(from, trimmed(from, next), "line " + lines.at(from));
      i = next + 1;
    }
  }

  private void array(int open) {
    int i = skipSpace(open + 1);
    int item = 0;
    if (i < to && body[i] == ']') {
      expectEnd(i + 1);
      return;
    }
    while (true) {
      i = skipSpace(element(i, ++item));
      if (i < to && body[i] == ',') {
        i = skipSpace(i + 1);
      } else if (i < to && body[i] == ']') {
        expectEnd(i + 1);
        return;
      } else {
        throw broken(i, "a comma or ] is missing after item " + item);
      }
    }
  }

  private void objects(int first) {
    int item = 0;
    for (int i = first; i < to; i = skipSpace(i)) {
      i = element(i, ++item);
    }
  }

  /** Reads the item at {@code i} and returns where it ends. */
  private int element(int i, int item) {
    int end = i < to && body[i] == '{' ? scanner.object(i, to, true) : -1;
    if (end >= 0 && end - i <= rows.limits().lineBytes() && rows.keep()) {
      return end;
    }
    end = extent(i);
    if (end < 0) {
      throw broken(i, "item " + item + " never ends; send the whole body");
    }
    if (end == i) {
      throw broken(i, "an item is missing");
    }
    careful(i, end, "item " + item + " (line " + lines.at(i) + ")");
    return end;
  }

  private void careful(int from, int end, String place) {
    if (end - from > rows.limits().lineBytes()) {
      rows.rejectRaw(
          RejectReason.TOO_LONG,
          "%s has %d bytes, over the limit of %d"
              .formatted(place, end - from, rows.limits().lineBytes()),
          body,
          from,
          end);
    } else {
      tree.read(body, from, end, place);
    }
  }

  /**
   * Finds the end of the value at {@code start} by its brackets and quotes; -1 if there is none.
   */
  private int extent(int start) {
    int depth = 0;
    boolean string = false;
    for (int i = start; i < to; i++) {
      byte b = body[i];
      if (string) {
        if (b == '\\') {
          i++;
        } else if (b == '"') {
          string = false;
        }
      } else if (b == '"') {
        string = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        if (depth == 0) {
          return i;
        }
        if (--depth == 0) {
          return i + 1;
        }
      } else if (depth == 0 && (b == ',' || isSpace(b))) {
        return i;
      }
    }
    return depth == 0 && !string ? to : -1;
  }

  private void expectEnd(int i) {
    int rest = skipSpace(i);
    if (rest < to) {
      throw broken(rest, "something follows the array's ]");
    }
  }

  private BadDataException broken(int at, String what) {
    return new BadDataException("JSON body, line " + lines.at(at) + ": " + what);
  }

  private int lineEnd(int from) {
    int i = from;
    while (i < to && body[i] != '\n') {
      i++;
    }
    return i;
  }

  private int trimmed(int from, int end) {
    int i = end;
    while (i > from && isSpace(body[i - 1])) {
      i--;
    }
    return i;
  }

  private int skipBlank(int from) {
    int i = from;
    while (i < to && (body[i] == ' ' || body[i] == '\t' || body[i] == '\r')) {
      i++;
    }
    return i;
  }

  private int skipSpace(int from) {
    int i = from;
    while (i < to && isSpace(body[i])) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
