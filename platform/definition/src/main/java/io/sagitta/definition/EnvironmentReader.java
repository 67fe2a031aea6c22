package io.sagitta.definition;

import io.sagitta.definition.options.Binder;
import io.sagitta.definition.options.Shapes;
import io.sagitta.definition.yaml.Position;
import io.sagitta.definition.yaml.YamlDocument;
import io.sagitta.definition.yaml.YamlReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code env/NAME.yaml}. */
final class EnvironmentReader {
  private EnvironmentReader() {}

  /** Returns the environment, empty after telling {@code problems} why. */
  static Optional<Environment> read(String file, byte[] utf8, ProblemList problems) {
    YamlDocument document = YamlReader.read(utf8);
    document.complaints().stream().limit(100).forEach(complaint -> problems.add(file, complaint));
    References none = new References(Map.of(), Set.of(), Map.of());
    Binder binder = new Binder(none, complaint -> problems.add(file, complaint));
    try {
      return document
          .root()
          .flatMap(root -> binder.bind(Shapes.of(Environment.class), root, "", Position.START))
          .map(Environment.class::cast);
    } catch (ProblemList.TooManyProblems e) {
      return Optional.empty();
    }
  }
}
