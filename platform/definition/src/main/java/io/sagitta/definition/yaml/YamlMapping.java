package io.sagitta.definition.yaml;

import java.util.List;
import java.util.Optional;

/**
 * Keys and their values, in the order of the text.
 *
 * @param entries no two have one key
 */
public record YamlMapping(List<Entry> entries, Position at) implements YamlNode {
  public YamlMapping {
    entries = List.copyOf(entries);
  }

  /** A key and its value. */
  public record Entry(YamlScalar key, YamlNode value) {
    /** Returns the key's text. */
    public String name() {
      return key.text();
    }

    /** Returns where the entry is best pointed at: its value if that is a scalar, else its key. */
    public Position place() {
      return value instanceof YamlScalar scalar && !scalar.isNothing() ? scalar.at() : key.at();
    }
  }

  /** Returns the entry of {@code name}. */
  public Optional<Entry> entry(String name) {
    return entries.stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** Returns the value of {@code name}. */
  public Optional<YamlNode> get(String name) {
    return entry(name).map(Entry::value);
  }

  @Override
  public String words() {
    return "a mapping";
  }
}
