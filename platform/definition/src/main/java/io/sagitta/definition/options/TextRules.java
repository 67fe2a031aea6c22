package io.sagitta.definition.options;

import io.sagitta.definition.yaml.YamlScalar;
import java.util.Optional;
import java.util.function.Consumer;

/** What {@code ${…}} in a text stands for, and where it may stand. */
@FunctionalInterface
public interface TextRules {
  /**
   * Returns the text that {@code scalar} at {@code path} means, empty after telling {@code
   * complain} why there is none.
   */
  Optional<String> resolve(
      String path, YamlScalar scalar, Syntax syntax, Consumer<String> complain);
}
