package io.sagitta.definition.options;

import io.sagitta.definition.yaml.YamlNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads shapes from annotated records. */
public final class Shapes {
  private Shapes() {}

  /** Returns the shape of a record. */
  public static Shape.Fixed of(Class<? extends Record> type) {
    return fixed(type, "");
  }

  private static Option option(RecordComponent component) {
    Option option = component.getAnnotation(Option.class);
    if (option == null) {
      throw new IllegalStateException(component + " needs @Option");
    }
    return option;
  }

  private static Shape.Fixed fixed(Class<?> type, String except) {
    RecordComponent[] components = type.getRecordComponents();
    List<Shape.Entry> entries = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      if (!component.getName().equals(except)) {
        Option option = option(component);
        String name = option.name().isEmpty() ? snake(component.getName()) : option.name();
        add(entries, List.of(name.split("\\.")), i, component, option);
      }
    }
    return new Shape.Fixed(type, entries);
  }

  /** Adds the leaf under its groups; neighbours of one group come one after the other. */
  private static void add(
      List<Shape.Entry> entries,
      List<String> path,
      int index,
      RecordComponent component,
      Option option) {
    String name = path.get(0);
    if (path.size() == 1) {
      entries.add(leaf(name, index, component, option));
      return;
    }
    List<Shape.Entry> inner = new ArrayList<>();
    int last = entries.size() - 1;
    if (last >= 0 && entries.get(last) instanceof Shape.Group group && group.name().equals(name)) {
      inner.addAll(group.entries());
      entries.remove(last);
    }
    add(inner, path.subList(1, path.size()), index, component, option);
    entries.add(new Shape.Group(name, inner));
  }

  private static Shape.Leaf leaf(String name, int index, RecordComponent component, Option option) {
    Type type = component.getGenericType();
    boolean optional = rawClass(type) == Optional.class;
    Type inner = optional ? argument(type, 0) : type;
    Shape shape = shape(inner, option);
    boolean mayBeEmpty = shape instanceof Shape.Listing || shape instanceof Shape.Named;
    boolean filled =
        shape instanceof Shape.Fixed f && f.entries().stream().noneMatch(Shape.Entry::required);
    boolean hasDefault = !option.defaultValue().isEmpty() || !option.derivedFrom().isEmpty();
    boolean required = option.required() || !(optional || mayBeEmpty || filled || hasDefault);
    return new Shape.Leaf(name, index, rawClass(inner), shape, option, optional, required);
  }

  private static Shape shape(Type type, Option option) {
    Class<?> raw = rawClass(type);
    Optional<ScalarType> scalar = ScalarTypes.of(raw, option);
    if (scalar.isPresent()) {
      return new Shape.Single(scalar.get());
    }
    if (raw == YamlNode.class) {
      return new Shape.Open(option.schema());
    }
    if (raw == List.class) {
      return new Shape.Listing(shape(argument(type, 0), option));
    }
    if (raw == Map.class) {
      return new Shape.Named(ScalarTypes.text(option.keys()), shape(argument(type, 1), option));
    }
    if (raw.isAnnotationPresent(KeyedBy.class)) {
      return keyed(raw);
    }
    if (raw.isRecord()) {
      return fixed(raw, "");
    }
    return choice(raw);
  }

  private static Shape keyed(Class<?> type) {
    String key = type.getAnnotation(KeyedBy.class).value();
    Class<?> item = rawClass(argument(type.getRecordComponents()[0].getGenericType(), 0));
    RecordComponent[] components = item.getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      if (components[i].getName().equals(key)) {
        ScalarType keyType = ScalarTypes.text(option(components[i]).syntax());
        return new Shape.Keyed(type, item, i, keyType, fixed(item, key));
      }
    }
    throw new IllegalStateException(item + " has no component " + key);
  }

  static Shape.Choice choice(Class<?> type) {
    Kinds kinds = type.getAnnotation(Kinds.class);
    if (kinds == null) {
      throw new IllegalStateException(type + " is no option type");
    }
    Map<String, Shape.Fixed> byName = new LinkedHashMap<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      byName.put(kind(permitted).value(), fixed(permitted, ""));
    }
    return new Shape.Choice(kinds.noun(), kinds.by(), byName);
  }

  /** Returns the kind that {@code type} is. */
  static Kind kind(Class<?> type) {
    Kind kind = type.getAnnotation(Kind.class);
    if (kind == null) {
      throw new IllegalStateException(type + " needs @Kind");
    }
    return kind;
  }

  private static Class<?> rawClass(Type type) {
    return type instanceof ParameterizedType parameterized
        ? (Class<?>) parameterized.getRawType()
        : (Class<?>) type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
