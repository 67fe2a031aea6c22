package io.sagitta.policy;

import io.sagitta.definition.PipelineDefinition;
import io.sagitta.definition.Problem;
import io.sagitta.definition.options.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Grants of sources and streams that their pipelines do not have: most likely misspelt. */
public final class UnusedGrants {
  private UnusedGrants() {}

  /** Returns a warning for each grant of what {@code definitions} should have and have not. */
  public static List<Problem> of(Policy policy, List<PipelineDefinition> definitions) {
    List<Problem> warnings = new ArrayList<>();
    for (Grant grant : policy.grants()) {
      for (PipelineDefinition definition : definitions) {
        List<String> parts = grant.of().parts();
        if (parts.size() == 3
            && definition.metadata().id().equals(parts.get(0) + "/" + parts.get(1))) {
          Set<String> names = names(grant.role(), definition);
          if (!names.contains(parts.get(2))) {
            warnings.add(warning(grant, parts.get(2), names));
          }
        }
      }
    }
    return warnings;
  }

  private static Set<String> names(Role role, PipelineDefinition definition) {
    return new LinkedHashSet<>(
        role == Role.READER
            ? definition.spec().streams().keySet()
            : definition.spec().sources().keySet());
  }

  private static Problem warning(Grant grant, String name, Set<String> names) {
    String hint = Nearest.hint(name, names);
    return new Problem(
        Problem.Severity.WARNING,
        grant.rule().file(),
        grant.rule().line(),
        1,
        "'%s' grants what is not there: the pipeline has no %s '%s'.%s"
            .formatted(
                grant.rule().text(),
                grant.role() == Role.READER ? "stream" : "source",
                name,
                hint.isEmpty() ? Nearest.all(names) : hint));
  }
}
