package io.sagitta.engine.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Binds an author's query to the declared columns and reports what does not fit, going on behind an
 * unknown column so that all of them are found at once.
 */
final class Binding {
  private static final int MOST_FAULTS = 20;

  private final Sandbox sandbox;
  private final SqlText text;
  private final String path;
  private final Findings findings;

  Binding(Sandbox sandbox, SqlText text, String path, Findings findings) {
    this.sandbox = sandbox;
    this.text = text;
    this.path = path;
    this.findings = findings;
  }

  /**
   * Adds every problem that binding finds.
   *
   * @param columnsOnly whether only unknown columns are news, since other problems are known
   */
  void check(boolean columnsOnly) {
    StringBuilder patched = new StringBuilder(text.sql());
    for (int i = 0; i < MOST_FAULTS; i++) {
      try {
        sandbox.describe(patched.toString());
        return;
      } catch (SqlFault fault) {
        if (fault.isUnknownColumn() || (i == 0 && !columnsOnly)) {
          findings.fault(path, text, fault);
        }
        if (!fault.isUnknownColumn() || !blank(patched, fault)) {
          return;
        }
      }
    }
  }

  /** Adds a problem if WHERE is no condition, which the engine would find out row by row. */
  void checkCondition(JsonNode statement) {
    JsonNode copy = statement.deepCopy();
    if (!SqlTree.isSelect(SqlTree.root(copy)) || !SqlTree.has(SqlTree.root(copy), "where_clause")) {
      return;
    }
    ObjectNode query = (ObjectNode) SqlTree.root(copy);
    JsonNode condition = query.path("where_clause");
    query.putArray("select_list").add(condition);
    query.putArray("modifiers");
    query.putArray("group_expressions");
    query.putArray("group_sets");
    query.put("aggregate_handling", "STANDARD_HANDLING");
    List.of("where_clause", "having", "qualify").forEach(query::putNull);
    try {
      String type = sandbox.describe(sandbox.print(copy)).get(0).type();
      if (!type.equals("BOOLEAN")) {
        findings.inSql(
            path,
            text,
            SqlTree.offset(condition),
            "WHERE needs a condition, and this has type " + type + ". Compare it, as in x > 0.");
      }
    } catch (SqlFault fault) {
      findings.inSql(path, text, SqlTree.offset(condition), fault.message());
    }
  }

  /**
   * Puts NULL where the unknown column stands, or an empty string if it is too short, and spaces so
   * that places stay. Returns false if that cannot be done.
   */
  private static boolean blank(StringBuilder sql, SqlFault fault) {
    int start = SqlText.of(sql.toString()).offset(fault.byteOffset().orElse(0));
    int end = start;
    while (end < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(end)) || "_.\"".indexOf(sql.charAt(end)) >= 0)) {
      end++;
    }
    int length = end - start;
    boolean ascii = sql.substring(start, end).chars().allMatch(c -> c < 128);
    if (fault.byteOffset().isEmpty() || length < 2 || !ascii) {
      return false;
    }
    String value = length < 4 ? "''" : "NULL";
    sql.replace(start, end, value + " ".repeat(length - value.length()));
    return true;
  }
}
