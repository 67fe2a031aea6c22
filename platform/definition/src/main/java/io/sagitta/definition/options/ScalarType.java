package io.sagitta.definition.options;

import io.sagitta.definition.yaml.YamlScalar;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one single value is read and described.
 *
 * @param words what is expected, such as {@code a duration such as 5m}
 * @param json the JSON type: string, integer, number, boolean, or empty for any
 * @param pattern what a text must match; empty if any text will do
 * @param choices the only values there are; empty if there is no such list
 * @param syntax the rules for texts
 * @param parse the value, empty if it is not one
 */
record ScalarType(
    String words,
    String json,
    Optional<String> pattern,
    List<String> choices,
    Syntax syntax,
    Function<YamlScalar, Optional<Object>> parse) {
  ScalarType {
    choices = List.copyOf(choices);
  }
}
