package io.sagitta.definition.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A single value. Only unquoted text can be anything but a string, and only what YAML 1.2's core
 * schema says: {@code yes}, {@code on} and {@code 2001-01-01} are strings.
 *
 * @param text the value with quotes, escapes and folding resolved
 * @param style how the value is written
 * @param from index of the first code point in the file, quotes and block headers included
 * @param to index after the last
 */
public record YamlScalar(String text, Style style, Position at, int from, int to)
    implements YamlNode {

  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,40}");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(?:\\.[0-9]{1,40}|[0-9]{1,40}(?:\\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,3})?");
  private static final Pattern SPECIAL =
      Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

  /** How a scalar is written. */
  public enum Style {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    BLOCK
  }

  /** Returns an unquoted value that stands at {@code at} without being in the text. */
  public static YamlScalar implied(String text, Position at) {
    return new YamlScalar(text, Style.PLAIN, at, 0, 0);
  }

  /** Returns whether there is no value: {@code null}, {@code ~} or nothing at all. */
  public boolean isNothing() {
    return style == Style.PLAIN
        && switch (text) {
          case "", "~", "null", "Null", "NULL" -> true;
          default -> false;
        };
  }

  /** Returns the truth value, if it is one. */
  public Optional<Boolean> asBoolean() {
    if (style != Style.PLAIN) {
      return Optional.empty();
    }
    return switch (text) {
      case "true", "True", "TRUE" -> Optional.of(true);
      case "false", "False", "FALSE" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** Returns the whole number, if it is one, of any size. */
  public Optional<BigInteger> asInteger() {
    return style == Style.PLAIN && INTEGER.matcher(text).matches()
        ? Optional.of(new BigInteger(text))
        : Optional.empty();
  }

  /** Returns the finite number, if it is one. */
  public Optional<BigDecimal> asNumber() {
    return style == Style.PLAIN && DECIMAL.matcher(text).matches()
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  /** Returns the value as text, if it is neither nothing nor a number nor a truth value. */
  public Optional<String> asText() {
    return isNothing() || asBoolean().isPresent() || asNumber().isPresent() || isSpecialNumber()
        ? Optional.empty()
        : Optional.of(text);
  }

  /**
   * Returns the value as String, Long, Double, BigDecimal, Boolean or null. A number that neither a
   * Long nor a Double holds exactly as written is a BigDecimal.
   */
  public @Nullable Object asValue() {
    if (isNothing()) {
      return null;
    }
    Optional<Boolean> bool = asBoolean();
    if (bool.isPresent()) {
      return bool.get();
    }
    Optional<BigInteger> integer = asInteger();
    if (integer.isPresent()) {
      return integer.get().bitLength() < Long.SIZE
          ? (Object) integer.get().longValue()
          : new BigDecimal(integer.get());
    }
    if (isSpecialNumber()) {
      return specialNumber();
    }
    return asNumber().<Object>map(YamlScalar::doubleOrDecimal).orElse(text);
  }

  private static Object doubleOrDecimal(BigDecimal number) {
    double nearest = number.doubleValue();
    boolean exact = Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(number) == 0;
    return exact ? (Object) nearest : number;
  }

  private boolean isSpecialNumber() {
    return style == Style.PLAIN && SPECIAL.matcher(text).matches();
  }

  private double specialNumber() {
    if (text.charAt(1) == 'n' || text.charAt(1) == 'N') {
      return Double.NaN;
    }
    return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  @Override
  public String words() {
    if (isNothing()) {
      return "nothing";
    }
    if (asBoolean().isPresent()) {
      return text;
    }
    if (asNumber().isPresent() || isSpecialNumber()) {
      return "the number " + text;
    }
    String line = text.lines().findFirst().orElse("");
    return "'" + (line.length() > 60 ? line.substring(0, 60) + "…" : line) + "'";
  }
}
