package io.sagitta.definition.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Describes shapes as JSON Schema, draft 2020-12, in maps and lists that any JSON writer takes. */
public final class JsonSchema {
  private final Map<String, Object> definitions = new LinkedHashMap<>();

  private JsonSchema() {}

  /** Returns the schema of {@code shape}. */
  public static Map<String, Object> of(String title, Shape.Fixed shape) {
    JsonSchema schema = new JsonSchema();
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", title);
    root.putAll(schema.object(shape.entries(), Map.of()));
    root.put("$defs", schema.definitions);
    return root;
  }

  /** Returns the schema of files that are each one of {@code kinds}. */
  public static Map<String, Object> ofOne(String title, List<Shape.Fixed> kinds) {
    JsonSchema schema = new JsonSchema();
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", title);
    root.put("oneOf", kinds.stream().map(kind -> schema.of(kind, true)).toList());
    root.put("$defs", schema.definitions);
    return root;
  }

  /** Returns {@code schema} as JSON, indented, with a newline at its end. */
  public static String text(Map<String, Object> schema) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists are always JSON", e);
    }
  }

  private Map<String, Object> of(Shape shape, boolean required) {
    if (shape instanceof Shape.Single single) {
      return single(single.type());
    }
    if (shape instanceof Shape.Listing list) {
      return listing(list, required);
    }
    if (shape instanceof Shape.Named named) {
      return names(named.key(), of(named.value(), false), required);
    }
    if (shape instanceof Shape.Fixed fixed) {
      return reference(name(fixed.type()), () -> object(fixed.entries(), Map.of()));
    }
    if (shape instanceof Shape.Keyed keyed) {
      return names(keyed.key(), of(keyed.item(), false), true);
    }
    if (shape instanceof Shape.Choice choice) {
      return reference(choice.noun(), () -> choice(choice));
    }
    return OpenSchemas.parse(((Shape.Open) shape).jsonSchema());
  }

  private Map<String, Object> reference(String name, Supplier<Map<String, Object>> definition) {
    if (!definitions.containsKey(name)) {
      definitions.put(name, Map.of());
      definitions.put(name, definition.get());
    }
    return new LinkedHashMap<>(Map.of("$ref", "#/$defs/" + name));
  }

  private Map<String, Object> object(List<Shape.Entry> entries, Map<String, Object> first) {
    Map<String, Object> properties = new LinkedHashMap<>(first);
    for (Shape.Entry entry : entries) {
      properties.put(
          entry.name(),
          entry instanceof Shape.Leaf leaf
              ? leaf(leaf)
              : object(((Shape.Group) entry).entries(), Map.of()));
    }
    List<String> required =
        Stream.concat(
                first.keySet().stream(),
                entries.stream().filter(Shape.Entry::required).map(Shape.Entry::name))
            .toList();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("properties", properties);
    if (!required.isEmpty()) {
      object.put("required", required);
    }
    object.put("additionalProperties", false);
    return object;
  }

  private Map<String, Object> leaf(Shape.Leaf leaf) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", leaf.option().doc());
    schema.putAll(of(leaf.shape(), leaf.option().required()));
    bounds(leaf.option(), schema);
    return schema;
  }

  private static void bounds(Option option, Map<String, Object> schema) {
    if (!schema.containsKey("type") || schema.get("type").equals("string")) {
      return;
    }
    if (option.positive()) {
      schema.put("exclusiveMinimum", 0);
    }
    if (Double.isFinite(option.min())) {
      schema.put("minimum", option.min());
    }
    if (Double.isFinite(option.max())) {
      schema.put("maximum", option.max());
    }
  }

  private static Map<String, Object> single(ScalarType type) {
    Map<String, Object> schema = new LinkedHashMap<>();
    switch (type.json()) {
      case "" -> schema.put("type", List.of("string", "number", "boolean"));
      case "ratio" -> schema.put("type", List.of("string", "number"));
      default -> schema.put("type", type.json());
    }
    type.pattern().ifPresent(pattern -> schema.put("pattern", "^(" + pattern + ")$"));
    if (type.choices().size() == 1) {
      return new LinkedHashMap<>(Map.of("const", type.choices().get(0)));
    }
    if (!type.choices().isEmpty()) {
      schema.put("enum", type.choices());
    }
    return schema;
  }

  private Map<String, Object> listing(Shape.Listing list, boolean required) {
    Map<String, Object> item = of(list.item(), false);
    Map<String, Object> array = new LinkedHashMap<>();
    array.put("type", "array");
    array.put("items", item);
    array.put("uniqueItems", true);
    if (required) {
      array.put("minItems", 1);
    }
    return list.item() instanceof Shape.Single
        ? new LinkedHashMap<>(Map.of("anyOf", List.of(array, item)))
        : array;
  }

  private static Map<String, Object> names(
      ScalarType key, Map<String, Object> value, boolean required) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("propertyNames", single(key));
    schema.put("additionalProperties", value);
    if (required) {
      schema.put("minProperties", 1);
    }
    return schema;
  }

  private Map<String, Object> choice(Shape.Choice choice) {
    List<Map<String, Object>> kinds =
        choice.kinds().entrySet().stream()
            .map(
                kind ->
                    reference(
                        choice.noun() + "_" + kind.getKey(), () -> kind(choice, kind.getKey())))
            .toList();
    return new LinkedHashMap<>(Map.of("oneOf", kinds));
  }

  private Map<String, Object> kind(Shape.Choice choice, String name) {
    Shape.Fixed shape = choice.kinds().getOrDefault(name, new Shape.Fixed(Object.class, List.of()));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", Shapes.kind(shape.type()).doc());
    schema.putAll(
        object(
            shape.entries(),
            choice.by() == Kinds.By.TYPE ? Map.of("type", Map.of("const", name)) : Map.of()));
    return schema;
  }

  private static String name(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
