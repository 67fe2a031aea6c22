package io.sagitta.definition;

import java.util.BitSet;

/**
 * Tells where SQL text is bare, that is outside of quotes and comments. It follows PostgreSQL's and
 * DuckDB's lexical rules: doubled quotes, {@code E''} with backslashes, {@code $tag$} quotes,
 * nested block comments.
 */
final class SqlText {
  private final String text;
  private final BitSet bare = new BitSet();

  private SqlText(String text) {
    this.text = text;
  }

  /** Returns the positions of {@code text} that are outside of quotes and comments. */
  static BitSet bare(String text) {
    SqlText sql = new SqlText(text);
    int at = 0;
    while (at < text.length()) {
      int next = sql.skipCovered(at);
      if (next == at) {
        sql.bare.set(at);
        next = at + 1;
      }
      at = next;
    }
    return sql.bare;
  }

  /** Returns the end of the quote or comment that starts at {@code at}, or {@code at}. */
  private int skipCovered(int at) {
    char c = text.charAt(at);
    if (c == '\'') {
      return quoteEnd(at, c, isEscapeString(at));
    }
    if (c == '"') {
      return quoteEnd(at, c, false);
    }
    if (text.startsWith("--", at)) {
      int end = text.indexOf('\n', at);
      return end < 0 ? text.length() : end;
    }
    if (text.startsWith("/*", at)) {
      return commentEnd(at);
    }
    return c == '$' ? dollarQuoteEnd(at) : at;
  }

  private boolean isEscapeString(int quote) {
    boolean prefixed = quote > 0 && (text.charAt(quote - 1) | 0x20) == 'e';
    return prefixed && (quote == 1 || !Character.isJavaIdentifierPart(text.charAt(quote - 2)));
  }

  private int quoteEnd(int start, char quote, boolean backslashes) {
    int at = start + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == quote) {
        boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == quote;
        if (!doubled) {
          return at + 1;
        }
        at++;
      } else if (c == '\\' && backslashes) {
        at++;
      }
      at++;
    }
    return text.length();
  }

  private int commentEnd(int start) {
    int depth = 1;
    int at = start + 2;
    while (at < text.length() && depth > 0) {
      boolean opens = text.startsWith("/*", at);
      boolean closes = text.startsWith("*/", at);
      depth += opens ? 1 : closes ? -1 : 0;
      at += opens || closes ? 2 : 1;
    }
    return Math.min(at, text.length());
  }

  private int dollarQuoteEnd(int start) {
    int at = start + 1;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (at >= text.length() || text.charAt(at) != '$') {
      return start;
    }
    String tag = text.substring(start, at + 1);
    int end = text.indexOf(tag, at + 1);
    return end < 0 ? text.length() : end + tag.length();
  }
}
