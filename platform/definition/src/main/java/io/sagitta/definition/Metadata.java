package io.sagitta.definition;

import io.sagitta.definition.options.Option;
import io.sagitta.definition.options.Syntax;
import java.util.Optional;

/** Who a pipeline is. */
public record Metadata(
    @Option(
            doc = "The pipeline's name, unique in its tenant",
            example = "flights-on-time",
            syntax = Syntax.NAME)
        String name,
    @Option(doc = "Whose it is: a tenant of Pulsar", example = "aviation", syntax = Syntax.NAME)
        String tenant,
    @Option(doc = "Who answers for it", example = "team-aviation") Optional<String> owner,
    @Option(doc = "What it is for", example = "Hourly punctuality by airport")
        Optional<String> description) {
  /** Returns {@code tenant/name}. */
  public String id() {
    return tenant + "/" + name;
  }
}
