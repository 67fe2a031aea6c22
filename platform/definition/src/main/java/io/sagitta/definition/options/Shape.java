package io.sagitta.definition.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a value of a definition is built up; read once from the records that hold it. */
public sealed interface Shape {

  /** A single value. */
  record Single(ScalarType type) implements Shape {}

  /** A list; one item may be written without brackets. */
  record Listing(Shape item) implements Shape {}

  /** Names of one's own choice and their values. */
  record Named(ScalarType key, Shape value) implements Shape {}

  /** A fixed set of keys that make up a record. */
  record Fixed(Class<?> type, List<Entry> entries) implements Shape {
    public Fixed {
      entries = List.copyOf(entries);
    }
  }

  /** Names of one's own choice and records; makes a {@code type} around the list of them. */
  record Keyed(Class<?> type, Class<?> itemType, int keyComponent, ScalarType key, Fixed item)
      implements Shape {}

  /** One of several kinds. */
  record Choice(String noun, Kinds.By by, Map<String, Fixed> kinds) implements Shape {
    public Choice {
      kinds = new LinkedHashMap<>(kinds);
    }
  }

  /** A value that somebody else reads. */
  record Open(String jsonSchema) implements Shape {}

  /** One key of a {@link Fixed}. */
  sealed interface Entry {
    /** The key. */
    String name();

    /** Whether the key must be there. */
    boolean required();
  }

  /** A key whose value is a component. */
  record Leaf(
      String name,
      int component,
      Class<?> type,
      Shape shape,
      Option option,
      boolean optional,
      boolean required)
      implements Entry {
    Optional<String> defaultValue() {
      return option.defaultValue().isEmpty()
          ? Optional.empty()
          : Optional.of(option.defaultValue());
    }
  }

  /** A key that only nests others. */
  record Group(String name, List<Entry> entries) implements Entry {
    public Group {
      entries = List.copyOf(entries);
    }

    @Override
    public boolean required() {
      return entries.stream().anyMatch(Entry::required);
    }
  }
}
