package io.sagitta.definition.options;

import io.sagitta.definition.yaml.YamlScalar;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The single values there are, by the Java type that holds them. */
final class ScalarTypes {
  private static final String DURATION_PATTERN =
      "(?=[0-9])([0-9]{1,5}d)?([0-9]{1,7}h)?([0-9]{1,9}m)?([0-9]{1,10}s)?([0-9]{1,12}ms)?";
  private static final Pattern DURATION = Pattern.compile(DURATION_PATTERN);
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMGT]i)?B");
  private static final String DURATION_WORDS = "a duration such as 500ms, 30s, 5m, 1h30m or 7d";

  private ScalarTypes() {}

  /** Returns how {@code type} is written; empty if it is not a single value. */
  static Optional<ScalarType> of(Class<?> type, Option option) {
    Syntax syntax = option.syntax();
    if (type == String.class) {
      List<String> choices = List.of(option.choices());
      return Optional.of(choices.isEmpty() ? text(syntax) : oneOf(choices, name -> name));
    }
    if (type == YamlScalar.class) {
      return Optional.of(
          new ScalarType("a single value", "", Optional.empty(), List.of(), syntax, Optional::of));
    }
    if (type == boolean.class) {
      return Optional.of(
          plain("true or false", "boolean", scalar -> scalar.asBoolean().map(b -> b)));
    }
    if (syntax == Syntax.SIZE) {
      return Optional.of(patterned(syntax, "string", s -> s.asText().flatMap(ScalarTypes::bytes)));
    }
    if (syntax == Syntax.RATIO) {
      return Optional.of(patterned(syntax, "ratio", ScalarTypes::ratio));
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      int bits = type == int.class || type == Integer.class ? Integer.SIZE : Long.SIZE;
      return Optional.of(plain("a whole number", "integer", scalar -> integer(scalar, bits)));
    }
    if (type == double.class) {
      return Optional.of(
          plain("a number", "number", s -> s.asNumber().map(BigDecimal::doubleValue)));
    }
    return byMeaning(type, option);
  }

  private static Optional<ScalarType> byMeaning(Class<?> type, Option option) {
    if (type == Duration.class) {
      return Optional.of(written(DURATION_WORDS, DURATION_PATTERN, ScalarTypes::duration));
    }
    if (type == ZoneId.class) {
      return Optional.of(
          written(
              "a time zone such as UTC or Europe/Zurich", "[A-Za-z0-9_+:/-]+", ScalarTypes::zone));
    }
    if (type.isEnum()) {
      return Optional.of(choice(type, List.of(option.choices())));
    }
    Written written = type.getAnnotation(Written.class);
    return written == null
        ? Optional.empty()
        : Optional.of(
            written(written.words(), written.pattern(), text -> staticParse(type, "parse", text)));
  }

  /** Returns texts of {@code syntax}. */
  static ScalarType text(Syntax syntax) {
    return new ScalarType(
        syntax.words(),
        "string",
        syntax == Syntax.ANY ? Optional.empty() : Optional.of(syntax.pattern().pattern()),
        List.of(),
        syntax,
        scalar -> scalar.asText().map(t -> t));
  }

  /** Returns the value of {@code type} that {@code text} tells of, by its {@code method}. */
  static Optional<Object> staticParse(Class<?> type, String method, String text) {
    try {
      Method parse = type.getMethod(method, String.class);
      return ((Optional<?>) parse.invoke(null, text)).map(value -> value);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(type + " needs a public static " + method + "(String)", e);
    }
  }

  private static ScalarType plain(
      String words, String json, Function<YamlScalar, Optional<Object>> parse) {
    return new ScalarType(words, json, Optional.empty(), List.of(), Syntax.ANY, parse);
  }

  private static ScalarType patterned(
      Syntax syntax, String json, Function<YamlScalar, Optional<Object>> parse) {
    return new ScalarType(
        syntax.words(),
        json,
        Optional.of(syntax.pattern().pattern()),
        List.of(),
        Syntax.ANY,
        parse);
  }

  private static ScalarType written(
      String words, String pattern, Function<String, Optional<Object>> parse) {
    return new ScalarType(
        words,
        "string",
        Optional.of(pattern),
        List.of(),
        Syntax.ANY,
        scalar -> scalar.asText().flatMap(parse));
  }

  private static ScalarType choice(Class<?> type, List<String> open) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT))
            .filter(name -> open.isEmpty() || open.contains(name))
            .toList();
    return oneOf(names, name -> constant(type, name));
  }

  private static ScalarType oneOf(List<String> names, Function<String, Object> value) {
    return new ScalarType(
        names.size() == 1 ? "'" + names.get(0) + "'" : "one of " + String.join(", ", names),
        "string",
        Optional.empty(),
        names,
        Syntax.ANY,
        scalar -> scalar.asText().filter(names::contains).map(value));
  }

  private static Object constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Object> integer(YamlScalar scalar, int bits) {
    return scalar
        .asInteger()
        .filter(n -> n.bitLength() < bits)
        .map(n -> bits == Integer.SIZE ? (Object) n.intValue() : n.longValue());
  }

  private static Optional<Object> ratio(YamlScalar scalar) {
    return scalar
        .asNumber()
        .or(
            () ->
                scalar
                    .asText()
                    .filter(t -> Syntax.RATIO.pattern().matcher(t).matches())
                    .map(t -> new BigDecimal(t.substring(0, t.length() - 1)).movePointLeft(2)))
        .map(BigDecimal::doubleValue);
  }

  private static Optional<Object> bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = Optional.ofNullable(matcher.group(2)).orElse("");
    int shift = unit.isEmpty() ? 0 : 10 * (1 + "KMGT".indexOf(unit.charAt(0)));
    long count = Long.parseLong(matcher.group(1));
    return Long.numberOfLeadingZeros(count) > shift
        ? Optional.of(count << shift)
        : Optional.empty();
  }

  private static Optional<Object> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String[] units = {"d", "h", "m", "s", "ms"};
    long[] millis = {86_400_000, 3_600_000, 60_000, 1_000, 1};
    Duration sum = Duration.ZERO;
    for (int i = 0; i < units.length; i++) {
      String part = matcher.group(i + 1);
      if (part != null) {
        long count = Long.parseLong(part.substring(0, part.length() - units[i].length()));
        sum = sum.plus(Duration.ofMillis(count * millis[i]));
      }
    }
    return Optional.of(sum);
  }

  private static Optional<Object> zone(String text) {
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
