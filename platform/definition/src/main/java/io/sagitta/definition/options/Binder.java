package io.sagitta.definition.options;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.sagitta.definition.yaml.Complaint;
import io.sagitta.definition.yaml.Position;
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
import org.jspecify.annotations.Nullable;

/**
 * Turns YAML into annotated records. It goes on after a complaint, and keeps every record that it
 * could make, so that later checks see what is good beside what is not.
 */
public final class Binder {
  private final TextRules textRules;
  private final Consumer<Complaint> complaints;
  private final RecordBinder records = new RecordBinder(this);
  private final Map<String, Object> bound = new HashMap<>();

  /** Creates a binder that tells {@code complaints} what is wrong. */
  public Binder(TextRules textRules, Consumer<Complaint> complaints) {
    this.textRules = textRules;
    this.complaints = complaints;
  }

  /** Returns the value of {@code shape} at {@code path}, empty after a complaint. */
  public Optional<Object> bind(Shape shape, YamlNode node, String path, Position owner) {
    Optional<Object> value = read(shape, node, path, owner);
    value.ifPresent(v -> bound.put(path, v));
    return value;
  }

  /** Returns what was made of the value at {@code path}, if it was good. */
  public <T> Optional<T> bound(String path, Class<T> type) {
    return Optional.ofNullable(bound.get(path)).filter(type::isInstance).map(type::cast);
  }

  private Optional<Object> read(Shape shape, YamlNode node, String path, Position owner) {
    if (shape instanceof Shape.Single single) {
      return single(single.type(), node, path, owner);
    }
    if (shape instanceof Shape.Listing list) {
      return listing(list, node, path, owner);
    }
    if (shape instanceof Shape.Named named) {
      return mapping(node, path, owner).flatMap(m -> named(named, m, path));
    }
    if (shape instanceof Shape.Fixed fixed) {
      return mapping(node, path, owner)
          .flatMap(m -> records.fixed(fixed, m, path, owner, Set.of()));
    }
    if (shape instanceof Shape.Keyed keyed) {
      return mapping(node, path, owner).flatMap(m -> keyed(keyed, m, path));
    }
    if (shape instanceof Shape.Choice choice) {
      return mapping(node, path, owner).flatMap(m -> choice(choice, m, path, owner));
    }
    return Optional.of(node);
  }

  private Optional<Object> single(ScalarType type, YamlNode node, String path, Position owner) {
    if (!(node instanceof YamlScalar scalar)) {
      return refuse(owner, "'%s' must be %s, found %s", last(path), type.words(), node.words());
    }
    if (scalar.isNothing()) {
      return refuse(owner, "'%s' has no value: it must be %s", last(path), type.words());
    }
    YamlScalar meant = scalar;
    if (type.json().equals("string") && scalar.asText().isPresent()) {
      Optional<String> text =
          textRules.resolve(
              path, scalar, type.syntax(), m -> complaints.accept(new Complaint(scalar.at(), m)));
      if (text.isEmpty()) {
        return Optional.empty();
      }
      meant = new YamlScalar(text.get(), YamlScalar.Style.SINGLE_QUOTED, scalar.at(), 0, 0);
    }
    Optional<Object> value = type.parse().apply(meant).filter(v -> matches(type, v));
    return value.isPresent()
        ? value
        : refuse(
            scalar.at(),
            "'%s' must be %s, found %s%s",
            last(path),
            type.words(),
            scalar.words(),
            hint(type, scalar));
  }

  private static boolean matches(ScalarType type, Object value) {
    return !(value instanceof String text) || type.syntax().pattern().matcher(text).matches();
  }

  private static String hint(ScalarType type, YamlScalar scalar) {
    if (type.words().equals(Syntax.ANY.words()) && scalar.asText().isEmpty()) {
      return ". Put it in quotes";
    }
    return end(Nearest.hint(scalar.text(), type.choices()));
  }

  private static String end(String hint) {
    return hint.isEmpty() ? "" : "." + hint;
  }

  private Optional<Object> listing(Shape.Listing list, YamlNode node, String path, Position owner) {
    List<YamlNode> items;
    if (node instanceof YamlSequence sequence) {
      items = sequence.items();
    } else if (node instanceof YamlScalar scalar
        && !scalar.isNothing()
        && list.item() instanceof Shape.Single) {
      items = List.of(node);
    } else {
      return refuse(owner, "'%s' must be a list, found %s", last(path), node.words());
    }
    Set<Object> values = new LinkedHashSet<>();
    boolean good = true;
    for (int i = 0; i < items.size(); i++) {
      YamlNode item = items.get(i);
      Optional<Object> value = bind(list.item(), item, path + "[" + i + "]", item.at());
      good &= value.isPresent();
      if (value.isPresent() && !values.add(value.get())) {
        good = false;
        refuse(item.at(), "%s stands in '%s' twice. Remove one", item.words(), last(path));
      }
    }
    return good ? Optional.of(List.copyOf(values)) : Optional.empty();
  }

  private Optional<Object> named(Shape.Named named, YamlMapping mapping, String path) {
    Map<String, Object> values = new LinkedHashMap<>();
    boolean good = true;
    for (YamlMapping.Entry entry : mapping.entries()) {
      good &= goodKey(named.key(), entry);
      Optional<Object> value =
          bind(named.value(), entry.value(), path + "." + entry.name(), entry.place());
      value.ifPresent(v -> values.put(entry.name(), v));
      good &= value.isPresent();
    }
    return good ? Optional.of(values) : Optional.empty();
  }

  private boolean goodKey(ScalarType type, YamlMapping.Entry entry) {
    boolean good = type.syntax().pattern().matcher(entry.name()).matches();
    if (!good) {
      refuse(entry.key().at(), "'%s' is not %s", entry.name(), type.words());
    }
    return good;
  }

  private Optional<Object> keyed(Shape.Keyed keyed, YamlMapping mapping, String path) {
    List<Object> items = new ArrayList<>();
    boolean good = true;
    for (YamlMapping.Entry entry : mapping.entries()) {
      good &= goodKey(keyed.key(), entry);
      String itemPath = path + "." + entry.name();
      Optional<YamlMapping> item = mapping(entry.value(), itemPath, entry.place());
      Optional<@Nullable Object[]> values =
          item.flatMap(m -> records.components(keyed.item(), m, itemPath, entry.place(), Set.of()));
      values.ifPresent(
          v -> {
            v[keyed.keyComponent()] = entry.name();
            items.add(RecordBinder.construct(keyed.itemType(), v));
          });
      good &= values.isPresent();
    }
    return good
        ? Optional.of(RecordBinder.construct(keyed.type(), new Object[] {items}))
        : Optional.empty();
  }

  private Optional<Object> choice(
      Shape.Choice choice, YamlMapping mapping, String path, Position owner) {
    Set<String> names = choice.kinds().keySet();
    if (choice.by() == Kinds.By.TYPE) {
      Optional<YamlMapping.Entry> type = mapping.entry("type");
      if (type.isEmpty()) {
        return refuse(owner, "'%s' lacks 'type': one of %s", last(path), String.join(", ", names));
      }
      String name = type.get().value() instanceof YamlScalar scalar ? scalar.text() : "";
      Shape.Fixed kind = choice.kinds().get(name);
      return kind == null
          ? refuse(
              type.get().place(),
              "'type' must be a kind of %s: one of %s, found %s%s",
              choice.noun(),
              String.join(", ", names),
              type.get().value().words(),
              end(Nearest.hint(name, names)))
          : records.fixed(kind, mapping, path, owner, Set.of("type"));
    }
    List<String> keys = mapping.entries().stream().map(YamlMapping.Entry::name).toList();
    List<Shape.Fixed> given =
        choice.kinds().entrySet().stream()
            .filter(kind -> keys.contains(kind.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return given.size() == 1
        ? records.fixed(given.get(0), mapping, path, owner, Set.of())
        : refuse(
            owner,
            "'%s' must have exactly one of the keys %s, found %s",
            last(path),
            String.join(", ", names),
            keys.isEmpty() ? "none" : String.join(", ", keys));
  }

  Optional<YamlMapping> mapping(YamlNode node, String path, Position owner) {
    if (node instanceof YamlMapping mapping) {
      return Optional.of(mapping);
    }
    refuse(
        owner,
        "'%s' must be a mapping of keys and values, found %s",
        path.isEmpty() ? "the file" : last(path),
        node.words());
    return Optional.empty();
  }

  @FormatMethod
  <T> Optional<T> refuse(Position at, @FormatString String message, Object... arguments) {
    complaints.accept(new Complaint(at, message.formatted(arguments)));
    return Optional.empty();
  }

  static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
