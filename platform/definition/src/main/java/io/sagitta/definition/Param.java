package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.yaml.YamlScalar;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/** A value that a definition's texts refer to as {@code ${param:name}}. */
record Param(
    @Option(doc = "The type of the value", example = "string") Type type,
    @Option(
            name = "default",
            doc = "The value, unless the environment sets another",
            example = "us")
        Optional<YamlScalar> defaultValue,
    @Option(doc = "What it is for", example = "Which region's flights")
        Optional<String> description) {

  /** What values a param takes, and how they stand in SQL: always as one literal. */
  enum Type {
    STRING("text without control characters and backslashes, such as us"),
    INT64("a whole number of 64 bits"),
    DOUBLE("a number"),
    BOOLEAN("true or false"),
    DATE("a date such as 2001-12-31");

    private static final Pattern SAFE_TEXT = Pattern.compile("[^\\p{Cntrl}\\\\]*");
    private final String words;

    Type(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    /** Returns the value as text, empty if {@code scalar} is none of this type. */
    Optional<String> read(YamlScalar scalar) {
      return switch (this) {
        case STRING ->
            scalar.asText().filter(t -> SAFE_TEXT.matcher(t).matches() && !t.contains("${"));
        case INT64 ->
            scalar.asInteger().filter(n -> n.bitLength() < Long.SIZE).map(Object::toString);
        case DOUBLE -> scalar.asNumber().map(n -> Double.toString(n.doubleValue()));
        case BOOLEAN -> scalar.asBoolean().map(Object::toString);
        case DATE -> scalar.asText().filter(Type::isDate);
      };
    }

    /** Returns the SQL literal of a value; it cannot end early, whatever the value holds. */
    String literal(String value) {
      return switch (this) {
        case STRING -> "'" + value.replace("'", "''") + "'";
        case INT64 -> value.startsWith("-") ? "(" + value + ")" : value;
        case DOUBLE -> "CAST('" + value + "' AS DOUBLE)";
        case BOOLEAN -> value;
        case DATE -> "CAST('" + value + "' AS DATE)";
      };
    }

    private static boolean isDate(String text) {
      try {
        return LocalDate.parse(text).getYear() >= 0;
      } catch (DateTimeException e) {
        return false;
      }
    }
  }

  /** A param's type and value. */
  record Value(Type type, String text) {}
}
