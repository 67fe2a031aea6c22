package io.sagitta.definition.yaml;

import java.util.List;

/** A list of values. */
public record YamlSequence(List<YamlNode> items, Position at) implements YamlNode {
  public YamlSequence {
    items = List.copyOf(items);
  }

  @Override
  public String words() {
    return "a list";
  }
}
