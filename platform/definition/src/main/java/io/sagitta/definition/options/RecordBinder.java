package io.sagitta.definition.options;

import io.sagitta.definition.yaml.Position;
import io.sagitta.definition.yaml.YamlMapping;
import io.sagitta.definition.yaml.YamlNode;
import io.sagitta.definition.yaml.YamlScalar;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one record of a mapping's keys: unknown, missing and left out ones are judged here. */
final class RecordBinder {
  private final Binder binder;

  RecordBinder(Binder binder) {
    this.binder = binder;
  }

  Optional<Object> fixed(
      Shape.Fixed shape, YamlMapping mapping, String path, Position owner, Set<String> alsoKnown) {
    return components(shape, mapping, path, owner, alsoKnown).map(v -> construct(shape.type(), v));
  }

  Optional<@Nullable Object[]> components(
      Shape.Fixed shape, YamlMapping mapping, String path, Position owner, Set<String> alsoKnown) {
    @Nullable Object[] values = new @Nullable Object[shape.type().getRecordComponents().length];
    return entries(shape.entries(), mapping, path, owner, alsoKnown, values)
        ? Optional.of(values)
        : Optional.empty();
  }

  private boolean entries(
      List<Shape.Entry> entries,
      YamlMapping mapping,
      String path,
      Position owner,
      Set<String> alsoKnown,
      @Nullable Object[] values) {
    Set<String> known = new LinkedHashSet<>(alsoKnown);
    entries.forEach(e -> known.add(e.name()));
    boolean good = refuseUnknown(mapping, path, known);
    for (Shape.Entry entry : entries) {
      good &= entry(entry, mapping, path, owner, values);
    }
    return good;
  }

  private boolean refuseUnknown(YamlMapping mapping, String path, Collection<String> known) {
    boolean good = true;
    for (YamlMapping.Entry entry : mapping.entries()) {
      if (!known.contains(entry.name())) {
        good = false;
        String hint = Nearest.hint(entry.name(), known);
        binder.refuse(
            entry.key().at(),
            "unknown key '%s'%s.%s",
            entry.name(),
            path.isEmpty() ? "" : " in '" + Binder.last(path) + "'",
            hint.isEmpty() ? " It may have: " + String.join(", ", known) : hint);
      }
    }
    return good;
  }

  private boolean entry(
      Shape.Entry entry,
      YamlMapping mapping,
      String path,
      Position owner,
      @Nullable Object[] values) {
    Optional<YamlMapping.Entry> given = mapping.entry(entry.name());
    String entryPath = path.isEmpty() ? entry.name() : path + "." + entry.name();
    if (entry instanceof Shape.Group group) {
      YamlNode node = given.map(YamlMapping.Entry::value).orElse(new YamlMapping(List.of(), owner));
      Position at = given.map(YamlMapping.Entry::place).orElse(owner);
      return binder
          .mapping(node, entryPath, at)
          .map(m -> entries(group.entries(), m, entryPath, at, Set.of(), values))
          .orElse(false);
    }
    Shape.Leaf leaf = (Shape.Leaf) entry;
    Optional<Object> value =
        given.isPresent()
            ? given(leaf, given.get(), entryPath)
            : missing(leaf, mapping, path, owner);
    values[leaf.component()] =
        leaf.optional() && given.isEmpty()
            ? Optional.empty()
            : value.map(v -> leaf.optional() ? Optional.of(v) : v).orElse(null);
    return value.isPresent();
  }

  private Optional<Object> given(Shape.Leaf leaf, YamlMapping.Entry entry, String path) {
    Optional<Object> value = binder.bind(leaf.shape(), entry.value(), path, entry.place());
    if (value.isEmpty()) {
      return value;
    }
    Optional<String> outside = Bounds.outside(leaf.option(), value.get());
    if (outside.isEmpty()) {
      return value;
    }
    String found = entry.value() instanceof YamlScalar ? ", found " + entry.value().words() : "";
    return binder.refuse(entry.place(), "'%s' must %s%s", Binder.last(path), outside.get(), found);
  }

  private Optional<Object> missing(
      Shape.Leaf leaf, YamlMapping mapping, String path, Position owner) {
    if (leaf.required()) {
      return lacks(leaf, mapping, path, owner);
    }
    if (!leaf.option().derivedFrom().isEmpty()) {
      return derived(leaf, mapping, path, owner);
    }
    String leafPath = path + "." + leaf.name();
    if (leaf.defaultValue().isPresent()) {
      return binder.bind(
          leaf.shape(), YamlScalar.implied(leaf.defaultValue().get(), owner), leafPath, owner);
    }
    if (leaf.optional()) {
      return Optional.of(Optional.empty());
    }
    return leaf.shape() instanceof Shape.Listing
        ? Optional.of(List.of())
        : binder.bind(leaf.shape(), new YamlMapping(List.of(), owner), leafPath, owner);
  }

  /** Complains of a missing key, unless an unknown one was taken for its misspelling. */
  private Optional<Object> lacks(
      Shape.Leaf leaf, YamlMapping mapping, String path, Position owner) {
    List<String> wanted = List.of(leaf.name());
    boolean misspelt =
        mapping.entries().stream().anyMatch(e -> Nearest.to(e.name(), wanted).isPresent());
    if (misspelt) {
      return Optional.empty();
    }
    String example = leaf.option().example();
    String doc = leaf.option().doc();
    return binder.refuse(
        owner,
        "%s: %s%s",
        path.isEmpty()
            ? "'" + leaf.name() + "' is missing"
            : "'" + Binder.last(path) + "' lacks '" + leaf.name() + "'",
        Character.toLowerCase(doc.charAt(0)) + doc.substring(1),
        example.isEmpty() || example.contains("\n") ? "" : ", such as " + example);
  }

  private Optional<Object> derived(
      Shape.Leaf leaf, YamlMapping mapping, String path, Position owner) {
    String from = leaf.option().derivedFrom();
    Optional<String> text = binder.bound(path + "." + from, String.class);
    if (text.isEmpty()) {
      return Optional.empty(); // What is wrong with the sibling was said already.
    }
    Optional<Object> value = ScalarTypes.staticParse(leaf.type(), "fromText", text.get());
    return value.isPresent()
        ? value
        : binder.refuse(
            mapping.entry(from).map(YamlMapping.Entry::place).orElse(owner),
            "'%s' does not tell the %s. Add '%s: %s'",
            text.get(),
            leaf.name(),
            leaf.name(),
            leaf.option().example());
  }

  static Object construct(Class<?> type, @Nullable Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }
}
