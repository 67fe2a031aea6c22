package io.sagitta.engine.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQL as an author wrote it beside SQL as the engine sees it, whose {@code ${param:name}} are
 * replaced by string literals; places in the second are found again in the first.
 */
final class SqlText {
  private static final Pattern PARAM = Pattern.compile("\\$\\{param:([^}]*)}");

  private final String original;
  private final String sql;
  private final List<Shift> shifts;

  /** From {@code end} on, an offset in the SQL is the original's plus {@code by}. */
  private record Shift(int start, int end, int originalStart, int by) {}

  private SqlText(String original, String sql, List<Shift> shifts) {
    this.original = original;
    this.sql = sql;
    this.shifts = shifts;
  }

  /** Replaces parameters by their values; one without a value is a problem at {@code path}. */
  static SqlText of(String original, Map<String, String> params, String path, Findings findings) {
    StringBuilder sql = new StringBuilder();
    List<Shift> shifts = new ArrayList<>();
    Matcher matcher = PARAM.matcher(original);
    int done = 0;
    while (matcher.find()) {
      sql.append(original, done, matcher.start());
      int start = sql.length();
      String value = params.get(matcher.group(1));
      sql.append(value == null ? "NULL" : Names.literal(value));
      shifts.add(new Shift(start, sql.length(), matcher.start(), sql.length() - matcher.end()));
      done = matcher.end();
    }
    sql.append(original, done, original.length());
    SqlText text = new SqlText(original, sql.toString(), List.copyOf(shifts));
    for (Matcher again = PARAM.matcher(original); again.find(); ) {
      String name = again.group(1);
      if (!params.containsKey(name)) {
        String mend = Names.suggestion(name, params.keySet());
        findings.inOriginal(
            path,
            text,
            again.start(),
            "Unknown parameter '" + name + "'." + mend + " Parameters stand under spec.params.");
      }
    }
    return text;
  }

  /** Returns this text with more SQL around it, which has no place in the original. */
  SqlText within(String before, String after) {
    int by = before.length();
    List<Shift> moved = new ArrayList<>();
    moved.add(new Shift(0, by, 0, by));
    for (Shift s : shifts) {
      moved.add(new Shift(s.start() + by, s.end() + by, s.originalStart(), s.by() + by));
    }
    return new SqlText(original, before + sql + after, List.copyOf(moved));
  }

  String original() {
    return original;
  }

  String sql() {
    return sql;
  }

  /** Returns where in the original the byte {@code byteOffset} of the SQL's UTF-8 stands. */
  int originalOffset(int byteOffset) {
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int at =
        new String(
                bytes, 0, Math.max(0, Math.min(byteOffset, bytes.length)), StandardCharsets.UTF_8)
            .length();
    int by = 0;
    for (Shift shift : shifts) {
      if (at >= shift.end()) {
        by = shift.by();
      } else if (at >= shift.start()) {
        return shift.originalStart();
      }
    }
    return Math.min(at - by, original.length());
  }
}
