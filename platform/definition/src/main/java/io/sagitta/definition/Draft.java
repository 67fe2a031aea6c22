package io.sagitta.definition;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.sagitta.definition.options.Binder;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlScalar;
import io.sagitta.definition.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A definition being read: what could be made of it so far. Checks look at what is there and stay
 * silent about what was refused already.
 */
final class Draft {
  private final YamlMapping root;
  private final Binder binder;
  private final Locations locations;
  private final Consumer<Problem> problems;
  private final Map<String, Set<String>> names = new HashMap<>();

  Draft(YamlMapping root, Binder binder, Locations locations, Consumer<Problem> problems) {
    this.root = root;
    this.binder = binder;
    this.locations = locations;
    this.problems = problems;
  }

  /** Returns the value at {@code path}, if it was good. */
  <T> Optional<T> value(String path, Class<T> type) {
    return binder.bound(path, type);
  }

  /** Returns the good ones among what {@code spec.section} holds, by name. */
  <T> Map<String, T> good(String section, Class<T> type) {
    Map<String, T> values = new LinkedHashMap<>();
    for (String name : names(section)) {
      value(path(section, name), type).ifPresent(value -> values.put(name, value));
    }
    return values;
  }

  /** Returns the names that {@code spec.section} holds, also of what was refused. */
  Set<String> names(String section) {
    return names.computeIfAbsent(
        section,
        key -> {
          Set<String> found = new LinkedHashSet<>();
          section(key).ifPresent(s -> s.entries().forEach(entry -> found.add(entry.name())));
          return found;
        });
  }

  /** Returns whether {@code spec.section} is there, if only to be refused, and not empty. */
  boolean hasAny(String section) {
    return !names(section).isEmpty()
        || spec()
            .flatMap(spec -> spec.get(section))
            .filter(node -> !(node instanceof YamlMapping))
            .isPresent();
  }

  /** Returns the inputs of {@code spec.section.name} as they are written. */
  List<String> inputs(String section, String name) {
    List<String> inputs = new ArrayList<>();
    Optional<YamlNode> node =
        section(section)
            .flatMap(s -> s.get(name))
            .flatMap(n -> n instanceof YamlMapping m ? m.get("inputs") : Optional.empty());
    if (node.isPresent() && node.get() instanceof YamlSequence list) {
      list.items().forEach(item -> inputs.add(item instanceof YamlScalar s ? s.text() : ""));
    } else if (node.isPresent() && node.get() instanceof YamlScalar scalar) {
      inputs.add(scalar.text());
    }
    return inputs;
  }

  /** Returns whether {@code spec.section.name} has the key {@code key}, whatever its value. */
  boolean has(String section, String name, String key) {
    return section(section)
        .flatMap(s -> s.get(name))
        .flatMap(n -> n instanceof YamlMapping m ? m.get(key) : Optional.empty())
        .isPresent();
  }

  /** Returns the line of {@code path}. */
  int line(String path) {
    return locations.place(path).line();
  }

  @FormatMethod
  void error(String path, @FormatString String message, Object... arguments) {
    problems.accept(locations.error(path, message.formatted(arguments)));
  }

  @FormatMethod
  void warning(String path, @FormatString String message, Object... arguments) {
    problems.accept(locations.warning(path, message.formatted(arguments)));
  }

  static String path(String section, String name) {
    return "spec." + section + "." + name;
  }

  private Optional<YamlMapping> section(String name) {
    return spec()
        .flatMap(spec -> spec.get(name))
        .flatMap(node -> node instanceof YamlMapping m ? Optional.of(m) : Optional.empty());
  }

  /** Returns whether {@code spec} is there. */
  boolean hasSpec() {
    return spec().isPresent();
  }

  private Optional<YamlMapping> spec() {
    return root.get("spec")
        .flatMap(node -> node instanceof YamlMapping m ? Optional.of(m) : Optional.empty());
  }
}
