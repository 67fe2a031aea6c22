package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import io.sagitta.definition.yaml.YamlScalar;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of {@code env/NAME.yaml}: what differs between the places where the definitions beside
 * it run.
 */
record Environment(
    @Option(
            name = "apiVersion",
            doc = "The version of this format",
            example = "sagitta/v1",
            choices = "sagitta/v1")
        String apiVersion,
    @Option(doc = "What the file defines", example = "Environment", choices = "Environment")
        String kind,
    @Option(
            doc = "Values of params, by name; each definition takes those that it declares",
            example = "{region: eu}",
            keys = Syntax.IDENTIFIER)
        Map<String, YamlScalar> params,
    @Option(
            doc = "Instead of each definition's own parallelism",
            example = "8",
            min = 1,
            max = 1024)
        Optional<Integer> parallelism,
    @Option(doc = "Instead of each definition's own pool", example = "big", syntax = Syntax.NAME)
        Optional<String> pool,
    @Option(
            doc = "Which secret is meant here, by the name that definitions say",
            example = "{board/user: prod/board/user}",
            syntax = Syntax.SECRET,
            keys = Syntax.SECRET)
        Map<String, String> secrets) {

  /** An environment that changes nothing. */
  static final Environment NONE = empty("Environment");

  /** Stands for an environment that could not be read. */
  static final Environment BROKEN = empty("");

  private static Environment empty(String kind) {
    return new Environment(
        DefinitionReader.API_VERSION, kind, Map.of(), Optional.empty(), Optional.empty(), Map.of());
  }

  /** Returns whether nobody knows what the environment says. */
  boolean isBroken() {
    return kind.isEmpty();
  }
}
