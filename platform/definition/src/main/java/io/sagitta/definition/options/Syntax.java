package io.sagitta.definition.options;

import java.util.regex.Pattern;

/** How texts are written, where any text would be too much. */
public enum Syntax {
  /** As its type says; of texts, any. */
  ANY("text", "[\\s\\S]+", References.NONE),
  NAME(
      "a name: up to 63 of a-z, 0-9 and -, first a letter",
      "[a-z][a-z0-9-]{0,62}",
      References.NONE),
  IDENTIFIER(
      "a name: up to 63 of a-z, 0-9 and _, first a letter",
      "[a-z][a-z0-9_]{0,62}",
      References.NONE),
  COLUMN(
      "a column name: up to 63 letters, digits and _, first a letter",
      "[A-Za-z_][A-Za-z0-9_]{0,62}",
      References.NONE),
  PARTITION(
      "a column, or year(c), month(c), day(c) or hour(c) of a timestamp column",
      "(year|month|day|hour)\\([A-Za-z_][A-Za-z0-9_]{0,62}\\)|[A-Za-z_][A-Za-z0-9_]{0,62}",
      References.NONE),
  SQL("SQL", "[\\s\\S]*\\S[\\s\\S]*", References.PARAMS_AS_LITERALS),
  PATH(
      "a path, relative to the definition's folder or absolute",
      "[^\\x00-\\x1f]+",
      References.PARAMS_AS_NAMES),
  JDBC_URL(
      "a JDBC URL without credentials, such as jdbc:postgresql://db/ops",
      "jdbc:[a-z0-9]+:\\S+",
      References.NONE),
  CREDENTIAL("text, or ${secret:name}", "[\\s\\S]+", References.SECRETS),
  TABLE(
      "a table, or schema.table",
      "[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?",
      References.NONE),
  TOPIC(
      "a topic such as persistent://tenant/namespace/topic",
      "persistent://[A-Za-z0-9_=:.-]+/[A-Za-z0-9_=:.-]+/[A-Za-z0-9_=:.-]+",
      References.NONE),
  STREAM(
      "another pipeline's stream, as tenant/pipeline/stream or tenant/pipeline/stream@version",
      "[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9_]{0,62}(@[1-9][0-9]{0,8})?",
      References.NONE),
  CRON(
      "five cron fields: minute, hour, day of month, month, day of week, such as 5 * * * *",
      "\\S+ +\\S+ +\\S+ +\\S+ +\\S+",
      References.NONE),
  SECRET(
      "a secret's name: parts of a-z, 0-9, _ and -, with / between",
      "[a-z0-9_-]{1,63}(/[a-z0-9_-]{1,63}){0,7}",
      References.NONE),
  /** A number of bytes, written with its unit. */
  SIZE("a size such as 64KiB, 128MiB or 1GiB", "[0-9]{1,12}(B|KiB|MiB|GiB|TiB)", References.NONE),
  /** A share, written as a percentage or as a number from 0 to 1. */
  RATIO("a share such as 1% or 0.01", "[0-9]{1,3}(\\.[0-9]{1,9})?%", References.NONE);

  /** Which {@code ${…}} a text may hold, and what they stand for. */
  public enum References {
    NONE,
    PARAMS_AS_LITERALS,
    PARAMS_AS_NAMES,
    SECRETS
  }

  private final String words;
  private final Pattern pattern;
  private final References references;

  Syntax(String words, String pattern, References references) {
    this.words = words;
    this.pattern = Pattern.compile(pattern);
    this.references = references;
  }

  /** Returns what is expected, in words for messages. */
  public String words() {
    return words;
  }

  /** Returns the expression that a whole text must match. */
  public Pattern pattern() {
    return pattern;
  }

  /** Returns which {@code ${…}} may stand in the text. */
  public References references() {
    return references;
  }
}
