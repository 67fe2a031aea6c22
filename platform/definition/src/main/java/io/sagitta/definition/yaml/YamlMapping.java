package io.sagitta.definition.yaml;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys and their values, in the order of the text; no two entries have one key. */
public final class YamlMapping implements YamlNode {
  private final List<Entry> entries;
  private final Map<String, Entry> byName = new HashMap<>();
  private final Position at;

  /** Creates the mapping of {@code entries} that starts at {@code at}. */
  public YamlMapping(List<Entry> entries, Position at) {
    this.entries = List.copyOf(entries);
    this.at = at;
    entries.forEach(entry -> byName.put(entry.name(), entry));
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

  /** Returns the keys and values in the order of the text. */
  public List<Entry> entries() {
    return entries;
  }

  /** Returns the entry of {@code name}. */
  public Optional<Entry> entry(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Returns the value of {@code name}. */
  public Optional<YamlNode> get(String name) {
    return entry(name).map(Entry::value);
  }

  @Override
  public Position at() {
    return at;
  }

  @Override
  public String words() {
    return "a mapping";
  }
}
