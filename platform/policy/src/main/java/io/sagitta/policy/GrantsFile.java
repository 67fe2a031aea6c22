package io.sagitta.policy;

import io.sagitta.definition.options.Option;
import java.util.List;
import java.util.Optional;

/** The keys of a file that says who holds which role, and where. */
record GrantsFile(
    @Option(
            name = "apiVersion",
            doc = "The version of this format",
            example = "sagitta/v1",
            choices = "sagitta/v1")
        String apiVersion,
    @Option(doc = "What the file holds", example = "Grants", choices = "Grants") String kind,
    @Option(
            doc = "The grants, in any order: each adds, none takes away",
            example = "[{role: viewer, of: aviation, to: [team-aviation]}]",
            required = true)
        List<GrantKeys> grants) {

  /** One grant. */
  record GrantKeys(
      @Option(doc = "The role", example = "reader") Role role,
      @Option(doc = "Where it holds", example = "aviation/flights-on-time/punctuality") Scope of,
      @Option(
              doc = "Who holds it; a pipeline may only be a reader",
              example = "[dashboard, logistics/delays]",
              required = true)
          List<Grantee> to,
      @Option(doc = "Why, for those who look at it later", example = "Screens in the hall, OPS-112")
          Optional<String> reason) {
    GrantKeys {
      to = List.copyOf(to);
    }
  }
}
